using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Interpolates axis after axis, weights in binary64, sums in ascending neighbour rounded once an axis; what lies outside a region of interest is filled afterwards.</summary>
internal sealed class ResizePlan : NodePlan
{
    private readonly ResizeSampling _sampling;
    private readonly ResizeAxis[] _axes;
    private readonly List<(int Axis, int Outer, int Inner)> _passes = [];
    private readonly int _inputLength;
    private readonly int _largest;
    private readonly int _taps;

    /// <summary>A plan.</summary>
    /// <param name="input">Type of the input.</param>
    /// <param name="axes">Its axes in memory order.</param>
    /// <param name="sampling">How they are sampled.</param>
    /// <param name="output">Type of the output.</param>
    public ResizePlan(TensorType input, ResizeAxis[] axes, ResizeSampling sampling, TensorType output)
        : base(output)
    {
        (_sampling, _axes, _inputLength) = (sampling, axes, checked((int)input.Count));
        _largest = _inputLength;
        var sizes = input.Physical;
        for (var axis = 0; axis < axes.Length; axis++)
        {
            if (sampling.Keeps(axes[axis])) continue;
            sizes[axis] = axes[axis].Output;
            _passes.Add((axis, checked((int)ElementTypes.ElementCount(sizes.AsSpan(0, axis))), checked((int)ElementTypes.ElementCount(sizes.AsSpan(axis + 1)))));
            _largest = Math.Max(_largest, checked((int)ElementTypes.ElementCount(sizes)));
            _taps = Math.Max(_taps, sampling.Taps(axes[axis]));
        }
    }

    public override long ScratchBytes => (2 * ScratchAllocator.Bytes<float>(_largest)) + ScratchAllocator.Bytes<double>(_taps);

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        if (outputs[0].Length == 0) return;
        var allocator = new ScratchAllocator(scratch);
        var source = allocator.Take<float>(_largest);
        var target = allocator.Take<float>(_largest);
        var weights = allocator.Take<double>(_taps);
        Read(inputs[0]!, source[.._inputLength]);
        foreach (var (axis, outer, inner) in _passes)
        {
            Interpolate(_axes[axis], outer, inner, source, weights[.._sampling.Taps(_axes[axis])], target);
            var next = target;
            target = source;
            source = next;
        }

        if (_sampling.Extrapolates) Extrapolate(source[..outputs[0].Length]);
        Write(source[..outputs[0].Length], outputs[0]);
    }

    private static void Read(Tensor tensor, Span<float> values)
    {
        if (tensor.ElementType == ElementType.Float32)
        {
            tensor.AsSpan<float>().CopyTo(values);
            return;
        }

        Span<double> chunk = stackalloc double[256];
        for (var start = 0; start < values.Length; start += chunk.Length)
        {
            var part = chunk[..Math.Min(chunk.Length, values.Length - start)];
            ElementConversion.Read(tensor, start, part);
            for (var i = 0; i < part.Length; i++) values[start + i] = (float)part[i];
        }
    }

    private static void Write(ReadOnlySpan<float> values, Tensor tensor)
    {
        if (tensor.ElementType == ElementType.Float32)
        {
            values.CopyTo(tensor.AsSpan<float>());
            return;
        }

        Span<double> chunk = stackalloc double[256];
        for (var start = 0; start < values.Length; start += chunk.Length)
        {
            var part = chunk[..Math.Min(chunk.Length, values.Length - start)];
            for (var i = 0; i < part.Length; i++) part[i] = values[start + i];
            ElementConversion.Write(part, tensor, start);
        }
    }

    private void Interpolate(ResizeAxis axis, int outer, int inner, ReadOnlySpan<float> source, Span<double> weights, Span<float> target)
    {
        for (var position = 0; position < axis.Output; position++)
        {
            var first = _sampling.Weigh(axis, position, weights);
            for (var o = 0; o < outer; o++)
            {
                var line = target.Slice(((o * axis.Output) + position) * inner, inner);
                var start = o * axis.Input * inner;
                for (var i = 0; i < line.Length; i++)
                {
                    var sum = 0d;
                    for (var tap = 0; tap < weights.Length; tap++)
                    {
                        if (weights[tap] != 0) sum += weights[tap] * source[start + (Math.Clamp(first + tap, 0, axis.Input - 1) * inner) + i];
                    }

                    line[i] = (float)sum;
                }
            }
        }
    }

    private void Extrapolate(Span<float> values)
    {
        var inner = values.Length;
        foreach (var axis in _axes)
        {
            inner /= axis.Output;
            for (var position = 0; position < axis.Output; position++)
            {
                if (!_sampling.IsOutside(axis, _sampling.Coordinate(axis, position))) continue;
                for (var start = position * inner; start < values.Length; start += axis.Output * inner) values.Slice(start, inner).Fill(_sampling.Extrapolation);
            }
        }
    }
}
