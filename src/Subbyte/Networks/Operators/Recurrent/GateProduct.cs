using Subbyte.Kernels;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>
/// The dot products of some gates of each direction with the input or with the state. Constant weights make them layers, one a direction, which methods see
/// and lower; weights that are computed are multiplied in float.
/// </summary>
internal sealed class GateProduct
{
    private const int BiasInput = 3;

    private readonly GateLayer[]? _layers;
    private readonly int _firstRow;
    private readonly int _rows;

    private GateProduct(RecurrentLayer layer, string name, int weights, int firstRow, int rows, int calls)
    {
        (_firstRow, _rows) = (firstRow, rows);
        var bias = layer.Context.Optional(BiasInput);
        if (layer.Context.Required(weights).Constant is not { Length: > 0 } constant || layer.Shape.Steps == 0 || layer.Shape.Batch == 0 || bias is { Constant: null }) return;
        var (shape, width) = (layer.Shape, layer.Width);
        _layers = [.. Enumerable.Range(0, shape.Directions).Select(direction =>
        {
            var way = shape.Directions == 1 ? "" : shape.IsReverse[direction] ? "/reverse" : "/forward";
            var firstBias = (((2 * direction) + (weights - 1)) * width) + firstRow;
            var values = bias is null ? new float[rows] : bias.Constant!.AsSpan<float>().Slice(firstBias, rows).ToArray();
            return new GateLayer(layer, $"{layer.Context.Node.Name}{way}/{name}", Rows(constant, direction).ToArray(), values, calls);
        })];
    }

    /// <summary>Whether the products include the bias.</summary>
    public bool HoldsBias => _layers is not null;

    /// <summary>The layers; none where weights are computed.</summary>
    public IReadOnlyList<GateLayer> Layers => _layers ?? [];

    /// <summary>Bytes of scratch memory that a product needs.</summary>
    public long ScratchBytes => Layers.Select(layer => layer.ScratchBytes).DefaultIfEmpty().Max();

    /// <summary>All gates' products with the inputs of all steps at once.</summary>
    /// <param name="layer">The recurrent layer.</param>
    /// <returns>The product.</returns>
    public static GateProduct OfInput(RecurrentLayer layer) => new(layer, "input", 1, 0, layer.Width, calls: 1);

    /// <summary>Some gates' products with the state, once a step.</summary>
    /// <param name="layer">The recurrent layer.</param>
    /// <param name="product">The gates.</param>
    /// <returns>The product.</returns>
    public static GateProduct OfState(RecurrentLayer layer, StateProduct product) => new(layer, product.Name, 2, product.First * layer.Shape.Hidden, product.Count * layer.Shape.Hidden, layer.Shape.Steps);

    /// <summary>Multiplies rows of inputs or states by the weights.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="weights">The weights of this run.</param>
    /// <param name="call">The direction, its scratch memory and who looks on.</param>
    /// <param name="y">Takes the products [row][gate · hidden].</param>
    public void Multiply(ReadOnlySpan<float> x, Tensor weights, in GateCall call, Span<float> y)
    {
        if (_layers is not null)
        {
            _layers[call.Direction].Multiply(x, y, call.Scratch);
            call.Observed?.Add(_layers[call.Direction], x, y);
            return;
        }

        var depth = weights.Dimensions[2];
        FloatGemm.Multiply(x, depth, x.Length / depth, PackedFloatMatrix.Pack(Rows(weights, call.Direction), _rows, depth), y, _rows);
    }

    private ReadOnlySpan<float> Rows(Tensor weights, int direction)
    {
        var depth = weights.Dimensions[2];
        return weights.AsSpan<float>().Slice(((direction * weights.Dimensions[1]) + _firstRow) * depth, _rows * depth);
    }
}

/// <summary>A run of one direction's products.</summary>
/// <param name="direction">The direction.</param>
/// <param name="scratch">Scratch memory of a product.</param>
/// <param name="observed">Takes what the layers read and give, where somebody looks on.</param>
internal readonly ref struct GateCall(int direction, Span<byte> scratch, ObservedGates? observed)
{
    /// <summary>The direction.</summary>
    public int Direction { get; } = direction;

    /// <summary>Scratch memory of a product.</summary>
    public Span<byte> Scratch { get; } = scratch;

    /// <summary>Takes what the layers read and give, where somebody looks on.</summary>
    public ObservedGates? Observed { get; } = observed;
}
