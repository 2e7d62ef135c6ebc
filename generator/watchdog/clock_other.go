//go:build !linux

package watchdog

// threadClock is the clock on the wall: the system does not tell what a thread takes.
func threadClock() clock { return wallClock() }
