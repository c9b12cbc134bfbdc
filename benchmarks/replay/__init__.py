"""Replays public logs of research ideas: how well is P known before each outcome?"""
