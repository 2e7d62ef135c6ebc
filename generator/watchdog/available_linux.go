package watchdog

import (
	"bufio"
	"bytes"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// availableMemory is what the machine, the control group and the limit of the process let it have; 0 where none of them
// tells.
func availableMemory() uint64 {
	least := uint64(0)
	take := func(bytes uint64) {
		if bytes > 0 && (least == 0 || bytes < least) {
			least = bytes
		}
	}
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		lines := bufio.NewScanner(bytes.NewReader(text))
		for lines.Scan() {
			if fields := strings.Fields(lines.Text()); len(fields) > 1 && fields[0] == "MemTotal:" {
				kilobytes, _ := strconv.ParseUint(fields[1], 10, 64)
				take(kilobytes << 10)
			}
		}
	}
	for _, file := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		if text, err := os.ReadFile(file); err == nil {
			limit, _ := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64) // "max" is none
			take(limit)
		}
	}
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &limit) == nil && limit.Cur < 1<<62 {
		take(limit.Cur / 4) // which counts what is reserved and never touched, too
	}
	return least
}
