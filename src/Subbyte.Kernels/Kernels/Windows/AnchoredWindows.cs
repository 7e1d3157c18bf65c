namespace Subbyte.Kernels;

/// <summary>
/// A feature map cut into windows, some of whose positions are anchors: what the anchors of a window hold decides, channel by channel, whether
/// the rest of the window is kept.
/// </summary>
public sealed class AnchoredWindows
{
    private readonly int[] _positions;
    private readonly Window[] _windows;

    /// <summary>Cuts a map into windows from the top left; those at the border are smaller.</summary>
    /// <param name="height">Rows of the map.</param>
    /// <param name="width">Columns of the map.</param>
    /// <param name="side">Rows and columns of a window, ≥ 1.</param>
    /// <param name="isAnchor">Whether a position is an anchor: row and column in its window, rows and columns of the window.</param>
    public AnchoredWindows(int height, int width, int side, Func<int, int, int, int, bool> isAnchor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        var positions = new List<int>();
        var windows = new List<Window>();
        for (var top = 0; top < height; top += side)
        {
            for (var left = 0; left < width; left += side)
            {
                var (rows, columns) = (Math.Min(side, height - top), Math.Min(side, width - left));
                var inside = Enumerable.Range(0, rows * columns).ToLookup(i => isAnchor(i / columns, i % columns, rows, columns), i => ((top + (i / columns)) * width) + left + (i % columns));
                windows.Add(new Window(positions.Count, inside[true].Count(), inside[false].Count()));
                positions.AddRange(inside[true]);
                positions.AddRange(inside[false]);
            }
        }

        _positions = [.. positions];
        _windows = [.. windows];
    }

    /// <summary>Positions of the map.</summary>
    public int Positions => _positions.Length;

    /// <summary>Whether each position is an anchor, in the map's order.</summary>
    public bool[] Anchors
    {
        get
        {
            var anchors = new bool[Positions];
            foreach (var window in _windows)
            {
                foreach (var position in _positions.AsSpan(window.First, window.Anchors)) anchors[position] = true;
            }

            return anchors;
        }
    }

    /// <summary>Keeps all anchors, and all of a window unless every anchor of it is at most the threshold; NaN is not.</summary>
    /// <param name="map">Map [position][channel].</param>
    /// <param name="channels">Channels, ≥ 1.</param>
    /// <param name="threshold">The threshold.</param>
    /// <param name="keep">Filled with all ones where an element is kept, zero elsewhere; as long as the map.</param>
    /// <exception cref="ArgumentException">A span does not fit.</exception>
    public unsafe void Keep(ReadOnlySpan<float> map, int channels, float threshold, Span<uint> keep)
    {
        if (map.Length != (long)Positions * channels || keep.Length != map.Length)
            throw new ArgumentException($"a map of {map.Length} and a mask of {keep.Length} elements do not fit {Positions} positions of {channels} channels", nameof(map));
        fixed (float* values = map)
        fixed (uint* mask = keep)
        fixed (int* positions = _positions)
        {
            foreach (var window in _windows)
                LaneLoop.Run(new WindowLoop(values, (float*)mask, positions + window.First, window, channels, threshold), channels);
        }
    }

    /// <summary>Where a window's positions lie in the list of all: anchors, then the others.</summary>
    private readonly record struct Window(int First, int Anchors, int Others);

    private readonly unsafe struct WindowLoop(float* map, float* keep, int* positions, Window window, nint channels, float threshold) : ILaneLoop
    {
        public void Run<TLanes>(nint i) where TLanes : struct, IFloatLanes<TLanes>
        {
            var ones = TLanes.CreateInt32(-1);
            var limit = TLanes.Create(threshold);
            var skip = ones;
            for (var p = 0; p < window.Anchors; p++)
            {
                var at = (positions[p] * channels) + i;
                var x = TLanes.Load(map + at);
                skip &= (x < limit) | TLanes.AreEqual(x, limit);
                ones.Store(keep + at);
            }

            var kept = TLanes.Select(skip, TLanes.CreateInt32(0), ones);
            for (var p = window.Anchors; p < window.Anchors + window.Others; p++) kept.Store(keep + (positions[p] * channels) + i);
        }
    }
}
