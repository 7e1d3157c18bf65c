using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Tensors;

namespace Subbyte.Networks.Execution;

/// <summary>Name, geometry and float weights of a dot-product layer, as its operator found them.</summary>
/// <param name="Name">Node name.</param>
/// <param name="Kind">Kind of layer.</param>
/// <param name="Geometry">Geometry of one sample.</param>
/// <param name="Weights">Weights [outputs][depth], k channel-fastest.</param>
/// <param name="Bias">Bias [outputs].</param>
/// <param name="Batch">Samples of one run.</param>
internal sealed record ProductLayer(string Name, LayerKind Kind, ConvolutionGeometry Geometry, float[] Weights, float[] Bias, int Batch);

/// <summary>A dot-product layer made ready to run; subclasses multiply in float or in integers.</summary>
internal abstract class ProductPlan : NodePlan, IDotProductPlan
{
    // A block of patch rows should stay in the second-level cache together with a panel of weights.
    private const int BlockBytes = 96 * 1024;

    // Sums of a block of lines should stay in the first-level cache until the epilogue has read them.
    private const int BlockPositions = 192;

    private readonly ProductLayer _layer;

    protected ProductPlan(ProductLayer layer, TensorType output)
        : base(output)
    {
        _layer = layer;

        // Fully connected layers see the samples of a batch as rows of one product.
        var mergesBatch = layer.Geometry.IsPointwise && layer.Geometry.Positions == 1;
        Images = mergesBatch ? 1 : layer.Batch;
        Shape = mergesBatch ? layer.Geometry with { InWidth = layer.Batch } : layer.Geometry;
    }

    public string LayerName => _layer.Name;

    public LayerKind Kind => _layer.Kind;

    public ConvolutionGeometry Geometry => _layer.Geometry;

    public int Batch => _layer.Batch;

    public ReadOnlyMemory<float> Weights => _layer.Weights;

    public ReadOnlyMemory<float> Bias => _layer.Bias;

    public virtual LoweredLayer? Lowered => null;

    public abstract ProductKernel Kernel { get; }

    /// <summary>Images that a run goes over one after the other.</summary>
    protected int Images { get; }

    /// <summary>Geometry of one of them.</summary>
    protected ConvolutionGeometry Shape { get; }

    /// <summary>Elements of one image.</summary>
    protected int InputLength => Shape.InHeight * Shape.InWidth * Shape.InChannels;

    /// <summary>Lower end of the clamp that follows.</summary>
    protected float Lowest { get; private set; } = float.NegativeInfinity;

    /// <summary>Upper end of the clamp that follows.</summary>
    protected float Highest { get; private set; } = float.PositiveInfinity;

    public override bool TryFuseClip(float lowest, float highest)
    {
        if (!float.IsNegativeInfinity(Lowest) || !float.IsPositiveInfinity(Highest)) return false;
        (Lowest, Highest) = (lowest, highest);
        return true;
    }

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
        => Multiply(inputs[0]!.AsSpan<float>(), outputs[0].AsSpan<float>(), scratch);

    /// <summary>Computes all images.</summary>
    /// <param name="x">Input maps [height][width][channels].</param>
    /// <param name="y">Output maps [positions][outputs].</param>
    /// <param name="scratch">Scratch memory.</param>
    public void Multiply(ReadOnlySpan<float> x, Span<float> y, Span<byte> scratch)
    {
        var outputLength = Shape.Positions * Shape.OutChannels;
        for (var image = 0; image < Images; image++)
            RunImage(x.Slice(image * InputLength, InputLength), y.Slice(image * outputLength, outputLength), scratch);
    }

    /// <summary>Computes one image.</summary>
    /// <param name="x">Input map [height][width][channels].</param>
    /// <param name="y">Output map [positions][outputs].</param>
    /// <param name="scratch">Scratch memory.</param>
    protected abstract void RunImage(ReadOnlySpan<float> x, Span<float> y, Span<byte> scratch);

    /// <summary>Rows of the patch matrix that are packed and multiplied together.</summary>
    /// <param name="rowBytes">Bytes of one packed row.</param>
    /// <returns>At least 1, at most the number of positions.</returns>
    protected int BlockRows(long rowBytes) => (int)Math.Clamp(BlockBytes / Math.Max(1, rowBytes), 1, Shape.Positions);

    /// <summary>Lines of the output that are multiplied together where patches are read in place.</summary>
    protected int BlockLines => Math.Clamp(BlockPositions / Shape.OutWidth, 1, Shape.OutHeight);
}
