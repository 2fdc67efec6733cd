"""Runs in gdb: one instruction after the other from main on, the whole chain of callers at each. It must reach the start code, and change by calls and
returns only."""
import gdb


def chain():
    """(function, pc) of each frame, innermost first, and why there are no more."""
    frames, frame = [], gdb.newest_frame()
    while True:
        frames.append((frame.name(), frame.pc()))
        older = frame.older()
        if older is None:
            return frames, frame.unwind_stop_reason()
        frame = older


def walk():
    before, steps, wrong = None, 0, 0
    while True:
        frames, reason = chain()
        if frames[0][0] == "stopped":  # of the start code
            break
        complete = frames[-1][0] == "__reset" and reason == gdb.FRAME_UNWIND_OUTERMOST
        callers = frames[1:]
        follows = before is None or callers in (before[1:], before[2:]) or callers[1:] == before[1:]
        if not complete or not follows:
            wrong += 1
            print("wrong after", steps, "instructions:", before, "->", frames)
        before = frames
        gdb.execute("stepi", to_string=True)
        steps += 1
    print("%d instructions, %d wrong" % (steps, wrong))


gdb.execute("set backtrace past-main on")
gdb.execute("break main", to_string=True)
gdb.execute("continue", to_string=True)
gdb.execute("delete", to_string=True)
walk()
