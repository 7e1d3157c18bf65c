using System.Numerics;
using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Packing;
using Subbyte.Runtime;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Float pooling over one or two dimensions by its kernel.</summary>
internal sealed class GeometryPoolPlan(ConvolutionGeometry g, int batch, bool isMax, bool countPadding, TensorType output) : NodePlan(output), IPackedPlan
{
    public PackedStep Pack(PackedPlace place) => new PoolStep(place.Name, place.Inputs, place.Output, g with { OutChannels = g.InChannels, Groups = 1 }, isMax, countPadding);

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        var x = inputs[0]!.AsSpan<float>();
        var y = outputs[0].AsSpan<float>();
        var (from, to) = (x.Length / batch, y.Length / batch);
        for (var sample = 0; sample < batch; sample++)
        {
            if (isMax) Pooling.Max(x.Slice(sample * from, from), g, y.Slice(sample * to, to));
            else Pooling.Average(x.Slice(sample * from, from), g, countPadding, y.Slice(sample * to, to));
        }
    }
}

/// <summary>Pooling over any number of dimensions, a window at a time.</summary>
internal abstract class WindowPoolPlan(SpatialWindow window, params TensorType[] outputs) : NodePlan(outputs)
{
    public override long ScratchBytes => ScratchAllocator.Bytes<int>(window.Taps);

    protected SpatialWindow Window => window;

    protected int Batch { get; } = outputs[0].Dimensions[0];

    protected int Channels { get; } = outputs[0].Dimensions[1];

    protected int InputLength { get; } = checked(window.Inputs * outputs[0].Dimensions[1]);
}

/// <summary>The maximum of each window, and where it was found first.</summary>
internal sealed class WindowMaximumPlan(SpatialWindow window, bool columnMajor, params TensorType[] outputs) : WindowPoolPlan(window, outputs)
{
    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        var pixels = new ScratchAllocator(scratch).Take<int>(Window.Taps);
        var indices = outputs.Length > 1 ? outputs[1].AsSpan<long>() : default;
        switch (outputs[0].ElementType)
        {
            case ElementType.Int8: Run(inputs[0]!.AsSpan<sbyte>(), sbyte.MinValue, pixels, outputs[0].AsSpan<sbyte>(), indices); break;
            case ElementType.UInt8: Run(inputs[0]!.AsSpan<byte>(), byte.MinValue, pixels, outputs[0].AsSpan<byte>(), indices); break;
            default: Run(inputs[0]!.AsSpan<float>(), float.NegativeInfinity, pixels, outputs[0].AsSpan<float>(), indices); break;
        }
    }

    private void Run<T>(ReadOnlySpan<T> x, T lowest, Span<int> pixels, Span<T> y, Span<long> indices)
        where T : unmanaged, INumber<T>
    {
        for (var sample = 0; sample < Batch; sample++)
        {
            var map = x.Slice(sample * InputLength, InputLength);
            for (var position = 0; position < Window.Positions; position++)
            {
                Window.Pixels(position, pixels);
                var start = ((sample * Window.Positions) + position) * Channels;
                for (var c = 0; c < Channels; c++)
                {
                    var (best, found) = (lowest, -1);
                    foreach (var pixel in pixels)
                    {
                        if (pixel < 0) continue;
                        var value = map[(pixel * Channels) + c];
                        // The first pixel is found even if it is NaN, but NaN never wins.
                        if (found < 0) found = pixel;
                        if (value > best) (best, found) = (value, pixel);
                    }

                    y[start + c] = best;
                    if (!indices.IsEmpty) indices[start + c] = found < 0 ? -1 : ((((long)sample * Channels) + c) * Window.Inputs) + Index(found);
                }
            }
        }
    }

    /// <summary>The index of an input position, counted with the last or with the first spatial dimension innermost.</summary>
    private int Index(int pixel)
    {
        if (!columnMajor) return pixel;
        var (index, stride, rest) = (0, 1, Window.Inputs);
        foreach (var axis in Window.Axes)
        {
            rest /= axis.Input;
            index += pixel / rest % axis.Input * stride;
            stride *= axis.Input;
        }

        return index;
    }
}

/// <summary>The average of each window: a float32 sum from +0 in ascending kernel position, divided once.</summary>
internal sealed class WindowAveragePlan(SpatialWindow window, bool countPadding, TensorType output) : WindowPoolPlan(window, output)
{
    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        var x = inputs[0]!.AsSpan<float>();
        var y = outputs[0].AsSpan<float>();
        var pixels = new ScratchAllocator(scratch).Take<int>(Window.Taps);
        for (var i = 0; i < Batch * Window.Positions; i++)
        {
            var (sample, position) = Math.DivRem(i, Window.Positions);
            Window.Pixels(position, pixels);
            var sums = y.Slice(i * Channels, Channels);
            sums.Clear();
            var inside = 0;
            foreach (var pixel in pixels)
            {
                if (pixel < 0) continue;
                inside++;
                Elementwise.Add(sums, x.Slice((sample * InputLength) + (pixel * Channels), Channels), sums);
            }

            var divisor = (float)Math.Max(1, countPadding ? Window.Taps : inside);
            foreach (ref var sum in sums) sum /= divisor;
        }
    }
}

/// <summary>The p-norm of each window.</summary>
internal sealed class WindowNormPlan(SpatialWindow window, int p, TensorType output) : WindowPoolPlan(window, output)
{
    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        var x = inputs[0]!.AsSpan<float>();
        var y = outputs[0].AsSpan<float>();
        var pixels = new ScratchAllocator(scratch).Take<int>(Window.Taps);
        for (var i = 0; i < Batch * Window.Positions; i++)
        {
            var (sample, position) = Math.DivRem(i, Window.Positions);
            Window.Pixels(position, pixels);
            for (var c = 0; c < Channels; c++)
            {
                var sum = 0d;
                foreach (var pixel in pixels)
                {
                    if (pixel >= 0) sum += PNorm.Power(x[(sample * InputLength) + (pixel * Channels) + c], p);
                }

                y[(i * Channels) + c] = (float)PNorm.Root(sum, p);
            }
        }
    }
}
