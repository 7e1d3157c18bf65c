using Subbyte.Kernels;

namespace Subbyte.Training;

/// <summary>How a pooling window becomes one number.</summary>
internal enum PoolingKind
{
    /// <summary>The largest pixel.</summary>
    Max,

    /// <summary>The mean of the pixels inside the image.</summary>
    Average,

    /// <summary>The sum of the pixels over the size of the kernel.</summary>
    AverageWithPadding,

    /// <summary>The mean of the whole map.</summary>
    GlobalAverage,
}

/// <summary>Pooling of each channel.</summary>
/// <param name="name">Name of the node.</param>
/// <param name="input">Input map.</param>
/// <param name="output">Output map.</param>
/// <param name="kind">How a window becomes one number.</param>
/// <param name="geometry">Sizes; those of the map alone count for a global average.</param>
internal sealed class PoolingOperator(string name, FeatureMap input, FeatureMap output, PoolingKind kind, ConvolutionGeometry geometry)
    : Operator(name, input, output)
{
    private bool _addsToInput;

    /// <inheritdoc/>
    public override bool LooksAtOutput => kind == PoolingKind.Max;

    /// <inheritdoc/>
    public override void ClaimGradients() => _addsToInput = Input.NeedsGradient && Claim(Input);

    /// <inheritdoc/>
    public override void Forward(SampleBlock block)
    {
        for (var sample = block.First; sample < block.First + block.Count; sample++)
        {
            var x = Input.Values(sample, 1);
            var y = Output.Values(sample, 1);
            if (kind == PoolingKind.Max) Pooling.Max(x, geometry, y);
            else if (kind == PoolingKind.GlobalAverage) Pooling.GlobalAverage(x, Input.Positions, Input.Channels, y);
            else Pooling.Average(x, geometry, kind == PoolingKind.AverageWithPadding, y);
        }
    }

    /// <inheritdoc/>
    public override void Backward(SampleBlock block)
    {
        if (!Input.NeedsGradient) return;
        if (!_addsToInput && kind != PoolingKind.Max) block.Gradient(Input).Clear();
        for (var sample = block.First; sample < block.First + block.Count; sample++)
        {
            var dx = Input.Gradient(sample, 1);
            var dy = Output.Gradient(sample, 1);
            if (kind == PoolingKind.Max) PoolingGradient.Max(Input.Values(sample, 1), Output.Values(sample, 1), dy, geometry, _addsToInput, dx);
            else if (kind == PoolingKind.GlobalAverage) PoolingGradient.GlobalAverage(dy, Input.Positions, dx);
            else PoolingGradient.Average(dy, geometry, kind == PoolingKind.AverageWithPadding, dx);
        }
    }
}
