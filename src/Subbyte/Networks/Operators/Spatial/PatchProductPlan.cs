using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>
/// A float convolution, plain or transposed, over any number of dimensions: patches times columns of weights, which are packed in the run
/// where they are not constant. One chain of fused multiply-adds in ascending k per output, then the bias.
/// </summary>
internal sealed class PatchProductPlan : NodePlan
{
    private const int BlockBytes = 96 * 1024;

    private readonly SpatialWindow _window;
    private readonly PatchWeights _weights;
    private readonly PackedFloatMatrix[]? _packed;
    private readonly float[] _ones;
    private readonly float[]? _zeros;
    private readonly int _batch;
    private readonly int _blockRows;
    private float _lowest = float.NegativeInfinity;
    private float _highest = float.PositiveInfinity;

    public PatchProductPlan(SpatialWindow window, PatchWeights weights, bool hasBias, TensorType output)
        : base(output)
    {
        (_window, _weights, _batch) = (window, weights, output.Dimensions[0]);
        _ones = new float[output.Dimensions[1]];
        Array.Fill(_ones, 1);
        _zeros = hasBias ? null : new float[_ones.Length];
        _blockRows = Math.Clamp(BlockBytes / sizeof(float) / Math.Max(1, weights.Depth), 1, window.Positions);
        if (weights.Constant is not { } constant) return;
        var columns = new float[checked(weights.Depth * weights.Outputs)];
        _packed = new PackedFloatMatrix[weights.Groups];
        for (var group = 0; group < _packed.Length; group++)
        {
            weights.Columns(constant.AsSpan<float>(), group, columns);
            _packed[group] = PackedFloatMatrix.Zeros(weights.Outputs, weights.Depth);
            _packed[group].FillTransposed(columns, weights.Outputs, weights.Outputs, weights.Depth);
        }
    }

    public override long ScratchBytes
        => ScratchAllocator.Bytes<int>(_window.Taps) + ScratchAllocator.Bytes<float>((long)_blockRows * _weights.Depth) + (_packed is null ? ScratchAllocator.Bytes<float>((long)_weights.Depth * _weights.Outputs) : 0);

    private int OutChannels => _ones.Length;

    private int InChannels => _weights.Groups * _weights.Channels;

    public override bool TryFuseClip(float lowest, float highest)
    {
        if (!float.IsNegativeInfinity(_lowest) || !float.IsPositiveInfinity(_highest)) return false;
        (_lowest, _highest) = (lowest, highest);
        return true;
    }

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        var x = inputs[0]!.AsSpan<float>();
        var y = outputs[0].AsSpan<float>();
        var allocator = new ScratchAllocator(scratch);
        var pixels = allocator.Take<int>(_window.Taps);
        var rows = allocator.Take<float>(_blockRows * _weights.Depth);
        var columns = _packed is null ? allocator.Take<float>(_weights.Depth * _weights.Outputs) : default;
        for (var group = 0; group < _weights.Groups; group++)
        {
            PackedFloatMatrix packed;
            if (_packed is null)
            {
                _weights.Columns<float>(inputs[1]!.AsSpan<float>(), group, columns);
                packed = PackedOperand.Pack(columns, _weights.Outputs, _weights.Outputs, _weights.Depth);
            }
            else
            {
                packed = _packed[group];
            }

            RunGroup(x, group, packed, pixels, rows, y);
        }

        var bias = _zeros ?? inputs[2]!.AsSpan<float>();
        Elementwise.Affine(y, _ones, bias, y, _lowest, _highest);
    }

    private void RunGroup(ReadOnlySpan<float> x, int group, PackedFloatMatrix packed, Span<int> pixels, Span<float> rows, Span<float> y)
    {
        var inputLength = _window.Inputs * InChannels;
        for (var sample = 0; sample < _batch; sample++)
        {
            var map = x.Slice(sample * inputLength, inputLength);
            for (var first = 0; first < _window.Positions; first += _blockRows)
            {
                var count = Math.Min(_blockRows, _window.Positions - first);
                for (var r = 0; r < count; r++)
                {
                    _window.Pixels(first + r, pixels);
                    SpatialWindow.Pack(map, InChannels, group * _weights.Channels, pixels, 0f, rows.Slice(r * _weights.Depth, _weights.Depth));
                }

                var target = y[((((sample * _window.Positions) + first) * OutChannels) + (group * _weights.Outputs))..];
                FloatGemm.Multiply(rows, _weights.Depth, count, packed, target, OutChannels);
            }
        }
    }
}
