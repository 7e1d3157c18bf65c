using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>
/// For every element of a run another element of the same run, or none; runs follow one another. Blocks of sixteen are gathered by byte
/// shuffles of the few windows of sixteen bytes that hold what they need.
/// </summary>
internal sealed class RunGather
{
    private const int Lanes = 16;

    // From this length on, the few elements after a run's last block may be gathered one by one.
    private const int LongRun = 64;

    private readonly int[] _indices;
    private readonly int _period;
    private readonly int[] _starts;
    private readonly int[] _offsets;
    private readonly Vector128<byte>[] _shuffles;

    /// <summary>A gathering.</summary>
    /// <param name="indices">For each element of a run its other element, from the run's beginning, or −1.</param>
    public RunGather(int[] indices)
    {
        _indices = indices;
        _period = indices.Length >= LongRun ? indices.Length : indices.Length * (Lanes >> BitOperations.TrailingZeroCount(indices.Length | Lanes));
        var blocks = _period / Lanes;
        var windows = new List<(int Offset, Vector128<byte> Shuffle)>();
        _starts = new int[blocks + 1];
        for (var block = 0; block < blocks; block++)
        {
            windows.AddRange(Windows(block * Lanes));
            _starts[block + 1] = windows.Count;
        }

        _offsets = [.. windows.Select(window => window.Offset)];
        _shuffles = [.. windows.Select(window => window.Shuffle)];
    }

    /// <summary>Adds 1 where an element's other one is there and is not zero.</summary>
    /// <param name="codes">Runs; the last may be cut off, and what it lacks is not there.</param>
    /// <param name="counts">As many counts.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CountActive(ReadOnlySpan<byte> codes, Span<byte> counts)
    {
        var whole = Cpu.HasVector128 ? codes.Length / _period * _period : 0;
        CountBlocks(codes[..whole], counts[..whole]);
        var rest = _period / Lanes * Lanes;
        for (var period = 0; rest < _period && period < whole; period += _period) CountOneByOne(codes, counts, period + rest, period + _period);
        CountOneByOne(codes, counts, whole, codes.Length);
    }

    private unsafe void CountBlocks(ReadOnlySpan<byte> codes, Span<byte> counts)
    {
        fixed (byte* source = codes, target = counts)
        fixed (int* starts = _starts, offsets = _offsets)
        fixed (Vector128<byte>* shuffles = _shuffles)
        {
            for (nint period = 0; period < codes.Length; period += _period)
            {
                for (var block = 0; block < _starts.Length - 1; block++)
                {
                    var gathered = Vector128<byte>.Zero;
                    for (var window = starts[block]; window < starts[block + 1]; window++)
                        gathered |= Vector128.Shuffle(Vector128.Load(source + period + offsets[window]), shuffles[window]);
                    var to = target + period + (block * Lanes);

                    // All bits of an active lane are set, which is −1.
                    (Vector128.Load(to) - ~Vector128.Equals(gathered, Vector128<byte>.Zero)).Store(to);
                }
            }
        }
    }

    private void CountOneByOne(ReadOnlySpan<byte> codes, Span<byte> counts, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var index = _indices[i % _indices.Length];
            var other = i - (i % _indices.Length) + index;
            if (index >= 0 && other < codes.Length && codes[other] != 0) counts[i]++;
        }
    }

    private List<(int Offset, Vector128<byte> Shuffle)> Windows(int block)
    {
        var sources = new int[Lanes];
        for (var lane = 0; lane < Lanes; lane++)
        {
            var place = (block + lane) % _indices.Length;
            sources[lane] = _indices[place] < 0 ? -1 : block + lane - place + _indices[place];
        }

        var windows = new List<(int, Vector128<byte>)>();
        while (sources.Any(source => source >= 0))
        {
            var offset = Math.Min(sources.Where(source => source >= 0).Min(), _period - Lanes);
            var shuffle = new byte[Lanes];
            for (var lane = 0; lane < Lanes; lane++)
            {
                var isHere = sources[lane] >= 0 && sources[lane] - offset < Lanes;
                shuffle[lane] = isHere ? (byte)(sources[lane] - offset) : byte.MaxValue;
                if (isHere) sources[lane] = -1;
            }

            windows.Add((offset, Vector128.Create(shuffle)));
        }

        return windows;
    }
}
