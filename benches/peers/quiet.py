"""Measuring on a machine shared with others: what they disturbed is done again, whoever it hit.

Linux in a virtual machine counts the time in which a processor had work and the host ran somebody
else's ("steal", the eighth figure of the first line of /proc/stat). Where it counts none, everything
is measured once.
"""

import os
import time

SHARE = 0.05  # of the processors' time; a calm virtual machine mostly loses 1 to 3 %
PATIENCE = 120.0  # seconds; a burst of others' work lasts from one to several minutes
PAUSE = 0.25


def stolen():
    """Seconds that processors had work and did not run, all together, since the machine started."""
    try:
        with open("/proc/stat") as stat:
            return int(stat.readline().split()[8]) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0


class Quiet:
    """Runs work, and counts what was thrown away and what had to be kept although disturbed."""

    def __init__(self):
        self.repeated = self.disturbed = 0

    def __call__(self, work):
        """What `work` returns, from the first run in which at most `SHARE` was stolen; after
        `PATIENCE` from any run."""
        begun = time.monotonic()
        while True:
            before, start = stolen(), time.monotonic()
            found = work()
            end = time.monotonic()
            if stolen() - before <= SHARE * (end - start) * os.cpu_count():
                return found
            if end - begun > PATIENCE:
                self.disturbed += 1
                return found
            self.repeated += 1
            time.sleep(PAUSE)

    def __str__(self):
        return f"measured again because disturbed: {self.repeated}; kept although: {self.disturbed}"
