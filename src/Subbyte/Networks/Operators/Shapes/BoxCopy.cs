using Subbyte.Networks.Execution;
using Subbyte.Packing;
using Subbyte.Runtime;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>
/// A copy of a box of elements, its loops put into the best order once: dimensions that lie alike on both sides are joined, and the one that is
/// contiguous in the source comes next to the one that is contiguous in the target.
/// </summary>
internal sealed class BoxCopy
{
    private readonly int _elementBytes;
    private readonly (int Source, int Target) _start;
    private readonly int[] _counts;
    private readonly int[] _source;
    private readonly int[] _target;

    /// <summary>Prepares the copy.</summary>
    /// <param name="elementBytes">Bytes of an element.</param>
    /// <param name="counts">Size of the box.</param>
    /// <param name="sourceStart">First source element.</param>
    /// <param name="sourceStrides">Source strides; may be negative, or 0 to repeat.</param>
    /// <param name="targetStart">First target element.</param>
    /// <param name="targetStrides">Target strides.</param>
    public BoxCopy(int elementBytes, ReadOnlySpan<int> counts, int sourceStart, ReadOnlySpan<int> sourceStrides, int targetStart, ReadOnlySpan<int> targetStrides)
    {
        _elementBytes = elementBytes;
        _start = (sourceStart, targetStart);
        var loops = Joined(counts, sourceStrides, targetStrides);
        var contiguous = loops.FindIndex(loop => loop.Source == 1);
        if (contiguous >= 0 && contiguous < loops.Count - 1 && loops[^1].Target == 1)
        {
            var loop = loops[contiguous];
            loops.RemoveAt(contiguous);
            loops.Insert(loops.Count - 1, loop);
        }

        _counts = [.. loops.Select(loop => loop.Count)];
        _source = [.. loops.Select(loop => loop.Source)];
        _target = [.. loops.Select(loop => loop.Target)];
        IsEmpty = counts.Contains(0);
    }

    /// <summary>Whether there is nothing to copy.</summary>
    public bool IsEmpty { get; }

    /// <summary>The copy as a step of a packed network.</summary>
    /// <param name="place">Where it stands.</param>
    /// <returns>The step.</returns>
    public PackedStep Pack(PackedPlace place) => new BoxStep(place.Name, place.Inputs, place.Output, 0, _counts, new BoxPlace(_start.Source, _source), new BoxPlace(_start.Target, _target));

    /// <summary>Copies.</summary>
    /// <param name="source">Source elements.</param>
    /// <param name="target">Target elements.</param>
    public void Run(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (!IsEmpty) Strided.Copy(_elementBytes, source, _start.Source, _source, target, _start.Target, _target, _counts);
    }

    private static List<(int Count, int Source, int Target)> Joined(ReadOnlySpan<int> counts, ReadOnlySpan<int> sourceStrides, ReadOnlySpan<int> targetStrides)
    {
        var loops = new List<(int Count, int Source, int Target)>();
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 1) continue;
            if (loops is [.., var outer] && outer.Source == (long)sourceStrides[i] * counts[i] && outer.Target == (long)targetStrides[i] * counts[i])
                loops[^1] = (outer.Count * counts[i], sourceStrides[i], targetStrides[i]);
            else
                loops.Add((counts[i], sourceStrides[i], targetStrides[i]));
        }

        return loops;
    }
}

/// <summary>A node that fills its output by one <see cref="BoxCopy"/> from its first input.</summary>
/// <param name="copy">The copy.</param>
/// <param name="output">Type of the output.</param>
internal sealed class BoxCopyPlan(BoxCopy copy, TensorType output) : NodePlan(output), IPackedPlan
{
    public bool TakesNumbers => true;

    public PackedStep Pack(PackedPlace place) => copy.Pack(place);

    /// <summary>A copy that fills the output in its own order.</summary>
    /// <param name="output">Type of the output.</param>
    /// <param name="start">First source element.</param>
    /// <param name="sourceStrides">Source strides along the output's dimensions in memory order.</param>
    /// <returns>The plan.</returns>
    public static BoxCopyPlan Fill(TensorType output, int start, ReadOnlySpan<int> sourceStrides)
    {
        var dimensions = output.Physical;
        return new BoxCopyPlan(new BoxCopy(AxisBytes.Of(output.ElementType), dimensions, start, sourceStrides, 0, Strided.Of(dimensions)), output);
    }

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch) => copy.Run(inputs[0]!.Bytes.Span, outputs[0].Bytes.Span);
}
