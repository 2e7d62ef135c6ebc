package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// cost is what something took.
type cost struct {
	// cpu is the time of all processors, by the user and by the system.
	cpu, wall time.Duration
	// memory is the most that one process held, in bytes.
	memory int64
}

func (c cost) String() string {
	return fmt.Sprintf("%s cpu, %s, %s", seconds(c.cpu), seconds(c.wall), megabytes(c.memory))
}

// and is the cost of both, one after the other.
func (c cost) and(d cost) cost {
	return cost{c.cpu + d.cpu, c.wall + d.wall, max(c.memory, d.memory)}
}

// judges runs a program that judges: a status of 1 is its verdict, not a failure.
func judges(ctx context.Context, dir string, env []string, program string, args ...string) (stdout []byte, took cost, err error) {
	stdout, took, err = command(ctx, dir, env, program, args...)
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == 1 {
		return stdout, took, nil
	}
	return stdout, took, err
}

// command runs a program, with the processes that it starts.
func command(ctx context.Context, dir string, env []string, program string, args ...string) (stdout []byte, took cost, err error) {
	cmd := exec.CommandContext(ctx, program, args...)
	var out, complaints bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, env, &out, &complaints
	start := time.Now()
	err = cmd.Run()
	took.wall = time.Since(start)
	if cmd.ProcessState == nil {
		return nil, took, err
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return nil, took, errors.New("the system does not tell what a process took")
	}
	took.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	took.memory = usage.Maxrss << 10 // it is in KiB on Linux
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s%s", cmd, err, out.Bytes(), complaints.Bytes())
	}
	return out.Bytes(), took, err
}

// own is what this process took so far.
func own() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage) // it fails where who is no such constant
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// median is that of costs, each part for itself.
func median(costs []cost) cost {
	return cost{
		cpu:    middle(costs, func(c cost) time.Duration { return c.cpu }),
		wall:   middle(costs, func(c cost) time.Duration { return c.wall }),
		memory: middle(costs, func(c cost) int64 { return c.memory }),
	}
}

// middle is the median of a part of things; of an even number of them it is the mean of the two in the middle.
func middle[T any, N int64 | time.Duration | float64](things []T, part func(T) N) N {
	parts := make([]N, len(things))
	for i, t := range things {
		parts[i] = part(t)
	}
	slices.Sort(parts)
	if len(parts) == 0 {
		return 0
	}
	return (parts[(len(parts)-1)/2] + parts[len(parts)/2]) / 2
}

// growth is the power of the size with which quantities above zero grow, by the least squares of their logarithms; ok is false for less than
// two sizes.
func growth(sizes []int, quantities []float64) (exponent float64, ok bool) {
	var n, x, y, xx, xy float64
	for i, size := range sizes {
		lx, ly := math.Log(float64(size)), math.Log(quantities[i])
		n, x, y, xx, xy = n+1, x+lx, y+ly, xx+lx*lx, xy+lx*ly
	}
	spread := n*xx - x*x
	return (n*xy - x*y) / spread, n > 1 && spread > 1e-9
}
