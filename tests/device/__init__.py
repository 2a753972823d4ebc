"""What a host's OpenGL device draws and how fast: `python -m tests.device`, or `make device`.

It needs the runtime dependencies alone and makes its own pictures, so that it runs wherever the library does.

__main__.py   the command: chooses the device, runs the parts one by one, writes device.json and rows.md
choosing.py   the device that was asked for, or why there is none
running.py    a part in a process of its own, with its time;  child.py  that process
settings.py   what parts are told, and their clock
pictures.py   photographs made from noise
copying.py, stacks.py, first.py, card.py, workers.py, parity.py, suite.py   the parts
rows.py       the results as rows of the documents' tables
"""
