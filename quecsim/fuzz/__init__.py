"""The fuzzer: draws scenarios for an uploader, reduces what breaks it, saves it as a scenario.

case      a complete scenario with the upload that is tried in it, and its file
finding   what is wrong with a run, and when two runs show the same
hosts     a Python function in virtual time, a program in real time
first     the deliberate cases that every search begins with
search    the loop: draw, run, reduce, save
exhaust   one case for each fault point of an upload
reduce    fewest faults, roundest numbers, shortest payload
"""
