using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Where a convolution of codes finds its operands among its node's inputs.</summary>
/// <param name="Weights">Weights.</param>
/// <param name="Zero">Zero point of the input.</param>
/// <param name="WeightZeros">Zero points of the weights.</param>
/// <param name="Bias">Bias of a convolution with scales, or −1: then sums are the result.</param>
internal sealed record CodeConvolutionInputs(int Weights, int Zero, int WeightZeros, int Bias);

/// <summary>A convolution of codes, less their zero points, in 16 bits: exact modulo 2³². Weights that are constant are packed once.</summary>
internal sealed class CodeConvolutionPlan : NodePlan
{
    private const int BlockBytes = 96 * 1024;

    private readonly SpatialWindow _window;
    private readonly ConvolutionGeometry? _geometry;
    private readonly PatchWeights _weights;
    private readonly CodeConvolutionInputs _at;
    private readonly PackedInt16Matrix[]? _packed;
    private readonly int _batch;
    private readonly int _paddedDepth;
    private readonly int _blockRows;

    private CodeConvolutionPlan(SpatialAttributes attributes, ConvolutionGeometry? geometry, PatchWeights weights, CodeConvolutionInputs at, Tensor? weightZeros, bool isConstant, TensorType output)
        : base(output)
    {
        (_window, _geometry, _weights, _at, _batch) = (attributes.Window, geometry, weights, at, output.Dimensions[0]);
        _paddedDepth = checked(weights.Depth + 1) & ~1;
        _blockRows = Math.Clamp(BlockBytes / sizeof(short) / Math.Max(1, _paddedDepth), 1, _window.Positions);
        if (isConstant) _packed = [.. Enumerable.Range(0, weights.Groups).Select(group => Pack(weights.Constant!, weightZeros, group))];
    }

    public override long ScratchBytes
        => ScratchAllocator.Bytes<int>(_window.Taps) + ScratchAllocator.Bytes<short>((long)_window.Inputs * InChannels) + ScratchAllocator.Bytes<short>((long)_blockRows * _paddedDepth)
            + ScratchAllocator.Bytes<int>((long)_blockRows * OutChannels) + ScratchAllocator.Bytes<float>(OutChannels);

    private int InChannels => _weights.Groups * _weights.Channels;

    private int OutChannels => _weights.Groups * _weights.Outputs;

    /// <summary>Plans a convolution.</summary>
    /// <param name="context">The node.</param>
    /// <param name="input">Input codes.</param>
    /// <param name="weights">Weight codes.</param>
    /// <param name="at">Where the operands are.</param>
    /// <param name="zero">Zero point of the input.</param>
    /// <param name="weightZeros">Zero points of the weights.</param>
    /// <param name="type">Element type of the result.</param>
    /// <returns>The plan.</returns>
    public static NodePlan Create(NodeContext context, TensorType input, TensorType weights, CodeConvolutionInputs at, TensorType? zero, TensorType? weightZeros, ElementType type)
    {
        var groups = ConvolutionOperator.Groups(context, input, weights);
        var outputs = weights.Dimensions[0];
        if (zero is not null && zero.Count != 1) throw context.Fail($"zero point {zero} of the input must be a scalar");
        if (weightZeros is not null && weightZeros.Count != 1 && weightZeros.Count != outputs) throw context.Fail($"zero point {weightZeros} of the weights must be a scalar or one value an output");
        var attributes = SpatialAttributes.Read(context, weights.Dimensions[2..]);
        var output = new TensorType(type, attributes.Window.OutputDimensions(input.Dimensions[0], outputs), Layout.ChannelsLast);
        var isConstant = weights.Constant is not null && weightZeros is null or { Constant: not null };
        return new CodeConvolutionPlan(attributes, attributes.Geometry(input.Dimensions[1], outputs, groups), PatchWeights.Forward(weights, groups), at, weightZeros?.Constant, isConstant, output);
    }

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        var allocator = new ScratchAllocator(scratch);
        var pixels = allocator.Take<int>(_window.Taps);
        var map = allocator.Take<short>(_window.Inputs * InChannels);
        var rows = allocator.Take<short>(_blockRows * _paddedDepth);
        var sums = allocator.Take<int>(_blockRows * OutChannels);
        var multipliers = allocator.Take<float>(OutChannels);
        if (_at.Bias >= 0) Multipliers(inputs, multipliers);
        var zero = CodeOperands.At(Input(inputs, _at.Zero), 0);
        var packed = _packed ?? [.. Enumerable.Range(0, _weights.Groups).Select(Pack(inputs[_at.Weights]!, Input(inputs, _at.WeightZeros)))];
        for (var sample = 0; sample < _batch; sample++)
        {
            CodeOperands.Subtract(inputs[0]!, sample * map.Length, zero, map);
            for (var first = 0; first < _window.Positions; first += _blockRows)
            {
                var count = Math.Min(_blockRows, _window.Positions - first);
                for (var group = 0; group < packed.Length; group++)
                {
                    PackRows(map, group, first, count, pixels, rows);
                    Int16Gemm.Multiply(rows, _paddedDepth, count, packed[group], sums[(group * _weights.Outputs)..], OutChannels);
                }

                Write(inputs, sums[..(count * OutChannels)], multipliers, outputs[0], ((sample * _window.Positions) + first) * OutChannels);
            }
        }
    }

    private static Tensor? Input(ReadOnlySpan<Tensor?> inputs, int index) => index >= 0 && index < inputs.Length ? inputs[index] : null;

    private static void Multipliers(ReadOnlySpan<Tensor?> inputs, Span<float> multipliers)
    {
        var scales = inputs[4]!.AsSpan<float>();
        var scale = inputs[1]!.AsSpan<float>()[0];
        var step = inputs[6]!.AsSpan<float>()[0];
        for (var m = 0; m < multipliers.Length; m++) multipliers[m] = scale * scales[scales.Length == 1 ? 0 : m] / step;
    }

    private void PackRows(ReadOnlySpan<short> map, int group, int first, int count, Span<int> pixels, Span<short> rows)
    {
        if (_geometry is not null)
        {
            Im2Col.Pack(map, _geometry, group, first, count, (short)0, rows, _paddedDepth);
            return;
        }

        for (var r = 0; r < count; r++)
        {
            _window.Pixels(first + r, pixels);
            SpatialWindow.Pack(map, InChannels, group * _weights.Channels, pixels, (short)0, rows.Slice(r * _paddedDepth, _weights.Depth));
        }
    }

    private void Write(ReadOnlySpan<Tensor?> inputs, Span<int> sums, ReadOnlySpan<float> multipliers, Tensor target, int start)
    {
        if (_at.Bias < 0)
        {
            sums.CopyTo(target.AsSpan<int>()[start..]);
            return;
        }

        var zero = CodeOperands.At(inputs[7], 0);
        for (var row = 0; row < sums.Length; row += OutChannels)
        {
            var line = sums.Slice(row, OutChannels);
            if (Input(inputs, _at.Bias) is { } bias)
            {
                for (var m = 0; m < line.Length; m++) line[m] = unchecked(line[m] + bias.AsSpan<int>()[m]);
            }

            Requantization.Write(line, multipliers, zero, target, start + row);
        }
    }

    private Func<int, PackedInt16Matrix> Pack(Tensor weights, Tensor? zeros) => group => Pack(weights, zeros, group);

    private PackedInt16Matrix Pack(Tensor weights, Tensor? zeros, int group)
    {
        var codes = new short[checked(_weights.Outputs * _weights.Depth)];
        CodeOperands.Subtract(weights, group * codes.Length, 0, codes);
        var rows = new short[codes.Length];
        for (var m = 0; m < _weights.Outputs; m++)
        {
            var zero = CodeOperands.At(zeros, zeros is { Length: > 1 } ? (group * _weights.Outputs) + m : 0);
            for (var c = 0; c < _weights.Channels; c++)
            {
                for (var tap = 0; tap < _weights.Taps; tap++)
                    rows[(m * _weights.Depth) + (tap * _weights.Channels) + c] = (short)(codes[(m * _weights.OutputStride) + (c * _weights.ChannelStride) + tap] - zero);
            }
        }

        return PackedInt16Matrix.Pack(rows, _weights.Outputs, _weights.Depth);
    }
}
