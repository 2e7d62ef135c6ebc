package snapshot

import (
	"context"
	"strconv"
	"strings"
)

// History lists the commits that lead to HEAD in which something below a folder of a directory was changed, the newest first and most at
// the most. Where there is no history, or nobody to ask, there are none.
func History(ctx context.Context, dir, folder string, most int) []string {
	k, err := openKept(ctx, dir)
	if err != nil {
		return nil
	}
	defer k.close()
	out, err := k.program.run("log", "--max-count="+strconv.Itoa(most), "--format=%H", "HEAD", "--", ":(literal,top)"+k.prefix+folder)
	if err != nil {
		return nil
	}
	return strings.Fields(out)
}
