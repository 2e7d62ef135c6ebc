package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

// tables tells in Markdown what came of a comparison.
func tables(all []measured, machine string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", machine)
	gates(&b, all)
	linters(&b, all)
	hooks(&b, all)
	exponents(&b, all)
	return b.String()
}

// phase is a run, with what it took in a turn.
type phase struct {
	name string
	cost func(turn) cost
}

// phases are the runs of ours that are compared with the gate of the others.
var phases = []phase{
	{"cold, eight policies", func(t turn) cost { return t.same }},
	{"cold", func(t turn) cost { return t.cold }},
	{"warm", func(t turn) cost { return t.warm }},
	{"one change", func(t turn) cost { return t.changed }},
}

func others(t turn) cost { return t.others.gate }

// of gives the cost of each turn.
func (m measured) of(part func(turn) cost) []cost {
	costs := make([]cost, len(m.turns))
	for i, t := range m.turns {
		costs[i] = part(t)
	}
	return costs
}

func gates(b *strings.Builder, all []measured) {
	b.WriteString("| repository | objects | run | gitopsgen: CPU | wall | memory | others: CPU | wall | memory | CPU, others to ours: least, median, most | wall | memory |\n")
	b.WriteString("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	for _, m := range all {
		for _, phase := range phases {
			ours := median(m.of(phase.cost))
			fmt.Fprintf(b, "| %s | %d | %s | %s | %s | %s | %s |\n", m.name(), m.objects, phase.name,
				seconds(ours.cpu), seconds(ours.wall), megabytes(ours.memory), m.beside(phase.cost))
		}
	}
}

// beside tells in six columns what the others took, beside a run of ours.
func (m measured) beside(ours func(turn) cost) string {
	if m.alone {
		return "not run | – | – | – | – | –"
	}
	theirs := median(m.of(others))
	cpu, wall, memory := m.ratios(ours, cpuOf), m.ratios(ours, wallOf), m.ratios(ours, memoryOf)
	return fmt.Sprintf("%s | %s | %s | %.1f, **%.1f**, %.1f | %.1f | %.1f", seconds(theirs.cpu), seconds(theirs.wall), megabytes(theirs.memory),
		slices.Min(cpu), middle(cpu, itself), slices.Max(cpu), middle(wall, itself), middle(memory, itself))
}

func cpuOf(c cost) float64    { return c.cpu.Seconds() }
func wallOf(c cost) float64   { return c.wall.Seconds() }
func memoryOf(c cost) float64 { return float64(c.memory) }

func itself(f float64) float64 { return f }

// ratios are how many times the others take what ours takes, turn by turn.
func (m measured) ratios(ours func(turn) cost, part func(cost) float64) []float64 {
	ratios := make([]float64, len(m.turns))
	for i, t := range m.turns {
		ratios[i] = part(t.others.gate) / max(part(ours(t)), 1e-6)
	}
	return ratios
}

func linters(b *strings.Builder, all []measured) {
	if !slices.ContainsFunc(all, func(m measured) bool { return m.turns[0].others.linter.wall > 0 }) {
		return
	}
	b.WriteString("\n| repository | kube-linter, of what the others rendered: CPU | wall | memory |\n| --- | ---: | ---: | ---: |\n")
	for _, m := range all {
		if m.alone {
			continue
		}
		c := median(m.of(func(t turn) cost { return t.others.linter }))
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", m.name(), seconds(c.cpu), seconds(c.wall), megabytes(c.memory))
	}
}

func hooks(b *strings.Builder, all []measured) {
	b.WriteString("\n| repository | first hook: CPU | wall | memory | next hook: CPU | wall | memory | reading and hashing all files: CPU | wall |\n")
	b.WriteString("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	for _, m := range all {
		fmt.Fprintf(b, "| %s |", m.name())
		for _, hook := range []func(turn) cost{func(t turn) cost { return t.hook }, func(t turn) cost { return t.nextHook }} {
			took := median(m.of(hook))
			fmt.Fprintf(b, " %s | %s | %s |", seconds(took.cpu), seconds(took.wall), megabytes(took.memory))
		}
		reading := median(m.of(func(t turn) cost { return t.reading }))
		fmt.Fprintf(b, " %s | %s |\n", seconds(reading.cpu), seconds(reading.wall))
	}
}

// exponents tells for each family how what is measured grows with its size.
func exponents(b *strings.Builder, all []measured) {
	runs := slices.Concat(phases, []phase{
		{"next hook", func(t turn) cost { return t.nextHook }}, {"reading and hashing", func(t turn) cost { return t.reading }},
		{"scaffold", func(t turn) cost { return t.scaffold }}, {"others", others},
	})
	b.WriteString("\n| grows with a power of the size | of |")
	for _, r := range runs {
		fmt.Fprintf(b, " %s |", r.name)
	}
	b.WriteString("\n| --- | --- |" + strings.Repeat(" ---: |", len(runs)) + "\n")
	for len(all) > 0 {
		end := slices.IndexFunc(all, func(m measured) bool { return m.family != all[0].family })
		if end < 0 {
			end = len(all)
		}
		family := all[:end]
		all = all[end:]
		if len(family) < 2 {
			continue
		}
		for _, quantity := range []struct {
			name string
			of   func(cost) float64
		}{{"CPU", cpuOf}, {"wall", wallOf}, {"memory", memoryOf}} {
			fmt.Fprintf(b, "| %s | %s |", quantity.name, family[0].family)
			for _, r := range runs {
				fmt.Fprintf(b, " %s |", exponent(family, func(m measured) float64 { return quantity.of(median(m.of(r.cost))) }))
			}
			b.WriteString("\n")
		}
	}
}

// exponent is that of all sizes of a family and, where there are more than two, that of the two largest. Sizes of which nothing was measured
// do not count.
func exponent(family []measured, quantity func(measured) float64) string {
	var sizes []int
	var quantities []float64
	for _, m := range family {
		if q := quantity(m); q > 0 {
			sizes, quantities = append(sizes, m.size), append(quantities, q)
		}
	}
	whole, ok := growth(sizes, quantities)
	switch {
	case !ok:
		return "–"
	case len(sizes) == 2:
		return hundredths(whole)
	}
	last, _ := growth(sizes[len(sizes)-2:], quantities[len(quantities)-2:])
	return hundredths(whole) + ", at the end " + hundredths(last)
}

// hundredths writes two digits of a fraction, and no zero below zero.
func hundredths(f float64) string { return fmt.Sprintf("%.2f", math.Round(f*100)/100+0) }

// machine says when and on what all was measured, and with which programs.
func machine(ctx context.Context, g gate) string {
	text := fmt.Sprintf("Measured on %s, on %d cores of %s (%s/%s)", time.Now().UTC().Format(time.DateOnly), runtime.NumCPU(), processor(), runtime.GOOS, runtime.GOARCH)
	for _, name := range slices.Concat(needed, optional) {
		if name != "repositories" && g.has(name) {
			text += ", " + name + " " + version(ctx, g.program(name))
		}
	}
	if len(g.lacking) > 0 {
		text += ". Not there, and so left out: " + strings.Join(g.lacking, ", ")
	}
	return text + "."
}

// version tells by which Go a program was built, and which version of its module it is.
func version(ctx context.Context, program string) string {
	out, err := exec.CommandContext(ctx, "go", "version", "-m", program).Output()
	if err != nil {
		return "of unknown version"
	}
	first, rest, _ := strings.Cut(string(out), "\n")
	built := first[strings.LastIndex(first, " ")+1:]
	for line := range strings.SplitSeq(rest, "\n") {
		if fields := strings.Fields(line); len(fields) > 2 && fields[0] == "mod" {
			return strings.Trim(fields[2], "()") + " (" + built + ")"
		}
	}
	return "(" + built + ")"
}

// processor is the model of the processor.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo") // other systems have none
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		if name, found := strings.CutPrefix(lines.Text(), "model name"); found {
			return strings.TrimLeft(name, "\t :")
		}
	}
	return "a processor of unknown model"
}

// The lines of a page between which tables stand.
const (
	beginning = "<!-- what make compare writes -->\n"
	end       = "<!-- end of what make compare writes -->\n"
)

// writeBetween writes a text between the two markers of a page.
func writeBetween(page, text string) error {
	old, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, begun := strings.Cut(string(old), beginning)
	_, after, ended := strings.Cut(rest, end)
	if !begun || !ended {
		return fmt.Errorf("%s: want the lines %q and %q, between which the tables go", page, strings.TrimSpace(beginning), strings.TrimSpace(end))
	}
	return os.WriteFile(page, []byte(before+beginning+"\n"+text+"\n"+end+after), 0o644)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func megabytes(bytes int64) string { return fmt.Sprintf("%d MB", bytes>>20) }
