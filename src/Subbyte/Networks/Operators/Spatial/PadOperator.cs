using Subbyte.Networks.Execution;
using Subbyte.Packing;
using Subbyte.Runtime;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Pad of any element type: with a constant, the edge, a reflection or around; negative pads cut.</summary>
internal sealed class PadOperator() : OperatorDefinition("Pad", LayoutRule.Same, TypeRule.WholeBytes)
{
    public override NodePlan Plan(NodeContext context)
    {
        var input = context.Required(0);
        var pads = context.Integers(1, context.Opset < 2 ? "paddings" : "pads") ?? throw context.Fail("has no pads");
        var axes = context.Integers(3, "axes") ?? [.. Enumerable.Range(0, input.Rank)];
        if (pads.Length != 2 * axes.Length) throw context.Fail($"has {pads.Length} pads for {axes.Length} axes");
        var dimensions = input.Dimensions.ToArray();
        var (before, after) = (new int[input.Rank], new int[input.Rank]);
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = context.Axis(axes[i], input.Rank);
            var physical = input.PhysicalAxis(axis);
            (before[physical], after[physical]) = (checked(before[physical] + pads[i]), checked(after[physical] + pads[i + axes.Length]));
            dimensions[axis] = checked(dimensions[axis] + pads[i] + pads[i + axes.Length]);
            if (dimensions[axis] < 0) throw context.Fail($"pads cut more from axis {axis} than its {input.Dimensions[axis]} elements");
        }

        var output = new TensorType(input.ElementType, dimensions, input.Layout);
        if (output.Count > int.MaxValue) throw context.Fail($"its output {output} is larger than can be held");
        var mode = context.Node.Text("mode", "constant");
        if (mode == "constant") return new ConstantPadPlan(input.Physical, before, after, Value(context, input.ElementType), output);
        if (mode is not ("edge" or "reflect" or "wrap")) throw context.Fail($"mode '{mode}' is unknown; constant, edge, reflect and wrap are supported");
        return new GatherPlan(input.Physical, Sources(context, mode, input.Physical, before, after), output);
    }

    /// <summary>The bytes of the constant.</summary>
    private static byte[] Value(NodeContext context, ElementType type)
    {
        var value = Tensor.Zeros(type);
        if (context.Optional(2) is null) ElementConversion.Write([context.Node.Float("value", 0)], value, 0);
        else if (context.RequiredConstant(2) is { Length: 1 } given && given.ElementType == type) return given.Bytes.ToArray();
        else if (context.Required(2).Count != 0) throw context.Fail($"constant_value {context.Required(2)} must be a {type} scalar");
        return value.Bytes.ToArray();
    }

    /// <summary>Of each axis, the input position that each output position repeats; null where nothing changes.</summary>
    private static int[]?[] Sources(NodeContext context, string mode, int[] sizes, int[] before, int[] after)
    {
        var sources = new int[]?[sizes.Length];
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            if (before[axis] == 0 && after[axis] == 0) continue;
            // What negative pads cut is gone before the rest is repeated.
            var (first, end) = (Math.Max(0, -before[axis]), sizes[axis] - Math.Max(0, -after[axis]));
            var size = end - first;
            if (size < 1) throw context.Fail($"mode '{mode}' has nothing to repeat along an axis of {sizes[axis]} elements");
            sources[axis] = new int[checked(sizes[axis] + before[axis] + after[axis])];
            for (var i = 0; i < sources[axis]!.Length; i++) sources[axis]![i] = first + Source(mode, i - Math.Max(0, before[axis]), size);
        }

        return sources;
    }

    private static int Source(string mode, int position, int size)
    {
        if (mode == "edge") return Math.Clamp(position, 0, size - 1);
        var period = mode == "wrap" ? size : Math.Max(1, 2 * (size - 1));
        var inside = ((position % period) + period) % period;
        return inside < size ? inside : period - inside;
    }

    private sealed class ConstantPadPlan : NodePlan, IPackedPlan
    {
        private readonly byte[] _value;
        private readonly int[] _counts;
        private readonly int[] _sourceStrides;
        private readonly int[] _targetStrides;
        private readonly int _sourceStart;
        private readonly int _targetStart;

        public ConstantPadPlan(int[] input, int[] before, int[] after, byte[] value, TensorType output)
            : base(output)
        {
            _value = value;
            _counts = [.. input.Select((size, i) => Math.Max(0, size + Math.Min(0, before[i]) + Math.Min(0, after[i])))];
            _sourceStrides = Strided.Of(input);
            _targetStrides = Strided.Of(output.Physical);
            _sourceStart = _sourceStrides.Select((stride, i) => stride * Math.Max(0, -before[i])).Sum();
            _targetStart = _targetStrides.Select((stride, i) => stride * Math.Max(0, before[i])).Sum();
        }

        public PackedStep Pack(PackedPlace place)
            => new BoxStep(place.Name, place.Inputs, place.Output, BitConverter.ToSingle(_value), _counts, new BoxPlace(_sourceStart, _sourceStrides), new BoxPlace(_targetStart, _targetStrides));

        public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        {
            var target = outputs[0].Bytes.Span;
            if (target.IsEmpty) return;
            if (_value.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                target.Clear();
            }
            else
            {
                // Doubling: what is filled already is copied behind itself.
                _value.CopyTo(target);
                for (var filled = _value.Length; filled < target.Length; filled *= 2) target[..Math.Min(filled, target.Length - filled)].CopyTo(target[filled..]);
            }

            if (Array.IndexOf(_counts, 0) < 0) Strided.Copy(_value.Length, inputs[0]!.Bytes.Span, _sourceStart, _sourceStrides, target, _targetStart, _targetStrides, _counts);
        }
    }
}
