using Subbyte.Lowering;

namespace Subbyte.Methods.NbSmt;

/// <summary>
/// Which elements of a patch row share a multiplier (section 3.1): in each cycle one of every thread's slice. A slice that is too short is filled
/// up with zeros, which leave their thread idle.
/// </summary>
public sealed class ThreadArrangement
{
    private readonly int[] _operands;

    private ThreadArrangement(int threads, CodeReach reach, int depth, int[] sequence)
    {
        Threads = threads;
        Reach = reach;
        var slots = sequence.Length / threads;
        RunLength = sequence.Max() + 1;
        Partners = [.. Enumerable.Range(1, threads - 1).Select(rotation => PartnersOf(sequence, slots, rotation))];
        var runs = (depth + RunLength - 1) / RunLength;
        _operands = new int[runs * sequence.Length];
        for (var i = 0; i < _operands.Length; i++)
        {
            var (run, slot, thread) = (i / sequence.Length, i % sequence.Length / threads, i % threads);
            var element = sequence[(thread * slots) + slot];
            var k = (run * RunLength) + element;
            _operands[i] = element < 0 || k >= depth ? -1 : k;
        }
    }

    /// <summary>Number of threads.</summary>
    public int Threads { get; }

    /// <summary>How far an element's partners are: in a run of consecutive k, or anywhere in the row.</summary>
    public CodeReach Reach { get; }

    /// <summary>Elements of a run; partners repeat from run to run.</summary>
    public int RunLength { get; }

    /// <summary>For each rotation 1 … threads − 1: the partner of each element of a run, from the run's beginning, in the thread that many further; −1 for none.</summary>
    public IReadOnlyList<int[]> Partners { get; }

    /// <summary>Cycles that a dot product takes.</summary>
    public int Cycles => _operands.Length / Threads;

    /// <summary>Arranges the elements of a layer's patch rows.</summary>
    /// <param name="layer">The layer; it has one group unless there is one thread.</param>
    /// <param name="threads">1, 2 or 4.</param>
    /// <param name="split">How rows are cut.</param>
    /// <param name="order">For <see cref="ThreadSplit.Channel"/>: channels from the busiest to the idlest, to be arranged so that these meet; null for as they are.</param>
    /// <returns>The arrangement.</returns>
    public static ThreadArrangement Of(DotProductLayer layer, int threads, ThreadSplit split, IReadOnlyList<int>? order = null) => split switch
    {
        ThreadSplit.Channel => new(threads, CodeReach.Run, layer.Depth, Interleave(Padded(order ?? [.. Enumerable.Range(0, layer.ChannelsPerGroup)], threads), threads, order is not null)),
        ThreadSplit.KHalves => new(threads, CodeReach.Row, layer.Depth, Padded([.. Enumerable.Range(0, layer.Depth)], threads)),
        _ => new(threads, CodeReach.Run, layer.Depth, [.. Enumerable.Range(0, threads)]),
    };

    /// <summary>What the threads multiply in a cycle.</summary>
    /// <param name="cycle">Cycle, 0 ≤ cycle &lt; <see cref="Cycles"/>.</param>
    /// <returns>For each thread its k, or −1 for a filled-up zero.</returns>
    public ReadOnlySpan<int> Operands(int cycle) => _operands.AsSpan(cycle * Threads, Threads);

    /// <summary>Where an element's partner lies.</summary>
    /// <param name="k">Element of the row.</param>
    /// <param name="rotation">How many threads further, from 0 for the next.</param>
    /// <param name="depth">Length of the row.</param>
    /// <returns>The partner's k, or −1.</returns>
    public int Partner(int k, int rotation, int depth)
    {
        var place = k % RunLength;
        var partner = Partners[rotation][place];
        return partner < 0 || k - place + partner >= depth ? -1 : k - place + partner;
    }

    private static int[] Padded(IReadOnlyList<int> elements, int threads)
        => [.. elements, .. Enumerable.Repeat(-1, (threads - (elements.Count % threads)) % threads)];

    /// <summary>Every second slice the other way round, so that the first of one meets the last of the next (section 3.5).</summary>
    private static int[] Interleave(int[] order, int threads, bool isSorted)
        => isSorted ? [.. order.Chunk(order.Length / threads).SelectMany((slice, thread) => int.IsOddInteger(thread) ? slice.Reverse() : slice)] : order;

    private static int[] PartnersOf(int[] sequence, int slots, int rotation)
    {
        var partners = new int[sequence.Max() + 1];
        for (var i = 0; i < sequence.Length; i++)
        {
            if (sequence[i] >= 0) partners[sequence[i]] = sequence[(i + (rotation * slots)) % sequence.Length];
        }

        return partners;
    }
}
