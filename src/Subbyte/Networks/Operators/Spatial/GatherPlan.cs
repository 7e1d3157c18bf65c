using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Rearranges a tensor along each axis by itself: what Resize (nearest) and Pad (but for a constant) are.</summary>
internal sealed class GatherPlan : NodePlan
{
    private readonly List<(int Inputs, int[] Sources, int Block, int Bytes)> _passes = [];

    /// <summary>A plan.</summary>
    /// <param name="input">Dimensions of the input in memory order.</param>
    /// <param name="sources">Of each axis, the input position of each output position; null where nothing changes.</param>
    /// <param name="output">Type of the output.</param>
    public GatherPlan(int[] input, int[]?[] sources, TensorType output)
        : base(output)
    {
        var sizes = (int[])input.Clone();
        for (var axis = sizes.Length - 1; axis >= 0; axis--)
        {
            if (sources[axis] is not { } positions) continue;
            var block = checked((int)output.ElementType.ByteLength(ElementTypes.ElementCount(sizes.AsSpan(axis + 1))));
            sizes[axis] = positions.Length;
            _passes.Add((input[axis], positions, block, checked((int)output.ElementType.ByteLength(ElementTypes.ElementCount(sizes)))));
        }
    }

    public override long ScratchBytes => _passes.Count < 2 ? 0 : 2 * ScratchAllocator.Bytes<byte>(_passes.Take(_passes.Count - 1).Max(pass => (long)pass.Bytes));

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        ReadOnlySpan<byte> source = inputs[0]!.Bytes.Span;
        if (_passes.Count == 0)
        {
            source.CopyTo(outputs[0].Bytes.Span);
            return;
        }

        var half = scratch.Length / 2;
        for (var i = 0; i < _passes.Count; i++)
        {
            var pass = _passes[i];
            var target = i == _passes.Count - 1 ? outputs[0].Bytes.Span : scratch.Slice(i % 2 * half, half)[..pass.Bytes];
            AxisGather.Copy(source, pass.Inputs, pass.Sources, pass.Block, target);
            source = target;
        }
    }
}
