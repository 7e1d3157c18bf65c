using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Networks.Execution;
using Subbyte.Packing;
using Subbyte.Runtime;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>A dot-product layer inside a recurrent node: gates of one direction with the input, or with the state at every step.</summary>
internal sealed class GateLayer : NodePlan, IDotProductPlan
{
    private readonly ProductPlan _product;

    /// <summary>A layer.</summary>
    /// <param name="layer">The recurrent layer.</param>
    /// <param name="name">The dot-product layer's name.</param>
    /// <param name="weights">Weights [outputs][depth].</param>
    /// <param name="bias">Bias [outputs].</param>
    /// <param name="calls">In how many products a run is divided: one for all steps, or one a step.</param>
    public GateLayer(RecurrentLayer layer, string name, float[] weights, float[] bias, int calls)
        : base(new TensorType(ElementType.Float32, [layer.Shape.Steps * layer.Shape.Batch, bias.Length]))
    {
        var rows = layer.Shape.Steps * layer.Shape.Batch / calls;
        var row = new ConvolutionGeometry { InHeight = 1, InWidth = 1, InChannels = weights.Length / bias.Length, OutChannels = bias.Length };
        var product = new ProductLayer(name, LayerKind.RecurrentGates, row, weights, bias, rows);
        _product = ProductPlans.Create(product, layer.Context.LoweredLayer(name), new TensorType(ElementType.Float32, [rows, bias.Length]));
        Geometry = row with { InWidth = layer.Shape.Steps };
        Batch = layer.Shape.Batch;
    }

    public string LayerName => _product.LayerName;

    public LayerKind Kind => _product.Kind;

    /// <summary>One position a step.</summary>
    public ConvolutionGeometry Geometry { get; }

    public int Batch { get; }

    public ReadOnlyMemory<float> Weights => _product.Weights;

    public ReadOnlyMemory<float> Bias => _product.Bias;

    public LoweredLayer? Lowered => _product.Lowered;

    public ProductKernel Kernel => _product.Kernel;

    public override long ScratchBytes => _product.ScratchBytes;

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch) => _product.Run(inputs, outputs, scratch);

    /// <summary>Multiplies the rows of one product.</summary>
    /// <param name="x">Rows [row][depth].</param>
    /// <param name="y">Products [row][output].</param>
    /// <param name="scratch">Scratch memory.</param>
    public void Multiply(ReadOnlySpan<float> x, Span<float> y, Span<byte> scratch) => _product.Multiply(x, y, scratch);

    /// <summary>The layer as one within a step of a packed network.</summary>
    /// <returns>The layer.</returns>
    /// <exception cref="UserErrorException">It does not pack as it is.</exception>
    public LayerStep Pack()
    {
        if (_product is IPackedPlan packed) return (LayerStep)packed.Pack(new PackedPlace(LayerName, [0], 0));
        throw new UserErrorException($"layer '{LayerName}' does not pack under {Lowered?.Method}; keep it in fp32 or INT8 by 'layers=' or 'except=', or run it by 'subbyte eval'");
    }
}
