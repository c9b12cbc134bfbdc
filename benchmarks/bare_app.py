"""The least a Textual application with a table can be."""

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class Bare(App[None]):
    """One empty table."""

    def compose(self) -> ComposeResult:
        """The table."""
        yield DataTable()

    def on_mount(self) -> None:
        """Give it a column, so that something can be seen."""
        self.query_one(DataTable).add_column("bare-column")


if __name__ == "__main__":
    Bare().run()
