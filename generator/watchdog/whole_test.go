package watchdog

import "testing"

// TestPercentAt states how large a heap becomes by what of it is in use: four times that, then small, then a constant more.
func TestPercentAt(t *testing.T) {
	const mebibyte = 1 << 20
	for live, want := range map[uint64]uint64{0: 0, 1: 4, 64: 256, 192: 768, 300: 768, 512: 768, 600: 856, 2048: 2304, 1 << 20: 1<<20 + 10486} {
		percent := uint64(percentAt(live * mebibyte))
		if got := live + live*percent/100; got > want || want-got > live/100 { // percents are whole ones
			t.Errorf("%d MiB in use: the heap has %d MiB at most, want %d", live, got, want)
		}
	}
}
