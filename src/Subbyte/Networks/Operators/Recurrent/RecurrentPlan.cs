using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Packing;
using Subbyte.Runtime;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>
/// Runs a recurrent layer: the products of all steps' inputs first, then step by step the products of the state, which are added to them; what the
/// gates make of the sums is the cell's part.
/// </summary>
internal sealed class RecurrentPlan : NodePlan, IPackedPlan
{
    private const int Bias = 3, Lengths = 4, State = 5, CellState = 6, Peepholes = 7;

    private readonly RecurrentLayer _layer;
    private readonly RecurrentCell _cell;
    private readonly GateProduct _inputProduct;
    private readonly GateProduct[] _stateProducts;
    private readonly long _productBytes;

    /// <summary>A plan.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="cell">Its cell.</param>
    public RecurrentPlan(RecurrentLayer layer, RecurrentCell cell)
        : base(cell.HasCellState ? [layer.Output, layer.State, layer.State] : [layer.Output, layer.State])
    {
        (_layer, _cell) = (layer, cell);
        _inputProduct = GateProduct.OfInput(layer);
        _stateProducts = [.. cell.StateProducts.Select(product => GateProduct.OfState(layer, product))];
        _productBytes = _stateProducts.Prepend(_inputProduct).Max(product => product.ScratchBytes);
    }

    public override long ScratchBytes => ScratchAllocator.Bytes<float>(RecurrentMemory.Length(_cell)) + ScratchAllocator.Bytes<byte>(_productBytes);

    public override IEnumerable<IDotProductPlan> DotProducts => _stateProducts.Prepend(_inputProduct).SelectMany(product => product.Layers);

    public int? DataInputs => _layer.Context.Inputs.Count(input => input is { Constant: null });

    private RecurrentShape Shape => _cell.Shape;

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch) => Run(inputs, outputs, scratch, (ObservedGates?)null);

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch, IExecutionObserver observer)
    {
        var observed = new ObservedGates(observer);
        Run(inputs, outputs, scratch, observed);
        observed.Show();
        observer.Ran(this, inputs, outputs);
    }

    public PackedStep Pack(PackedPlace place)
    {
        GateProduct[] products = [_inputProduct, .. _stateProducts];
        int[] computed = [1, 2, Bias, Lengths, Peepholes];
        if (computed.FirstOrDefault(input => _layer.Context.Optional(input) is { Constant: null }) is > 0 and var which)
            throw _layer.Context.Fail($"input {which} is computed, and a packed recurrent layer holds its weights and lengths; deploy this network by 'subbyte quantize' as ONNX");
        if (products.Any(product => product.Layers.Count == 0)) throw _layer.Context.Fail("has no steps; there is nothing to pack");
        var lengths = Constant(Lengths)?.AsSpan<int>().ToArray() ?? [.. Enumerable.Repeat(Shape.Steps, Shape.Batch)];
        RequireLengths(lengths);
        var parts = new RecurrentParts
        {
            Cell = _cell,
            Layers = [.. Enumerable.Range(0, Shape.Directions).Select(direction => products.Select(product => product.Layers[direction].Pack()).ToArray())],
            Peepholes = Constant(Peepholes)?.AsSpan<float>().ToArray() ?? [],
            Lengths = lengths,
            Initial = _cell.HasCellState ? [Initial(State), Initial(CellState)] : [Initial(State)],
        };
        return new RecurrentStep(place.Name, place.Inputs, place.Output, parts);
    }

    private Tensor? Constant(int input) => _layer.Context.Optional(input)?.Constant;

    /// <summary>First states: null where they are computed.</summary>
    private float[]? Initial(int input)
        => _layer.Context.Optional(input) is { } given ? given.Constant?.AsSpan<float>().ToArray() : new float[Shape.StateLength];

    private void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch, ObservedGates? observed)
    {
        var y = outputs[0].AsSpan<float>();
        y.Clear();
        for (var direction = 0; direction < Shape.Directions; direction++)
        {
            var allocator = new ScratchAllocator(scratch);
            var memory = new RecurrentMemory(_cell, direction, allocator.Take<float>((int)RecurrentMemory.Length(_cell)))
            {
                Peepholes = Input(inputs, Peepholes) is { } given ? given.AsSpan<float>().Slice(direction * 3 * Shape.Hidden, 3 * Shape.Hidden) : [],
            };
            var call = new GateCall(direction, allocator.Take<byte>((int)_productBytes), observed);
            Start(memory, call, inputs);
            Recurrence.Run(_cell, memory, new StateProducts(_stateProducts, inputs[2]!, call), y);
            for (var output = 1; output < outputs.Length; output++)
                Recurrence.Store(Shape, direction, output == 1 ? memory.State : memory.Cell, outputs[output].AsSpan<float>());
        }
    }

    private void Start(in RecurrentMemory memory, in GateCall call, ReadOnlySpan<Tensor?> inputs)
    {
        var width = _cell.Width;
        if (Input(inputs, Bias) is { } bias)
        {
            var both = bias.AsSpan<float>().Slice(memory.Direction * 2 * width, 2 * width);
            if (!_inputProduct.HoldsBias) both[..width].CopyTo(memory.Bias);
            if (!_stateProducts[0].HoldsBias) both[width..].CopyTo(memory.Bias[width..]);
        }

        _inputProduct.Multiply(inputs[0]!.AsSpan<float>(), inputs[1]!, call, memory.Gates);
        for (var row = 0; row < Shape.Steps * Shape.Batch && !_inputProduct.HoldsBias; row++)
        {
            var gates = memory.Gates.Slice(row * width, width);
            for (var i = 0; i < gates.Length; i++) gates[i] += memory.Bias[i];
        }

        if (Input(inputs, Lengths) is { } lengths) lengths.AsSpan<int>().CopyTo(memory.Lengths);
        RequireLengths(memory.Lengths);
        if (Input(inputs, State) is { } state) Recurrence.Load(Shape, memory.Direction, state.AsSpan<float>(), memory.State);
        if (Input(inputs, CellState) is { } cell) Recurrence.Load(Shape, memory.Direction, cell.AsSpan<float>(), memory.Cell);
    }

    private void RequireLengths(ReadOnlySpan<int> lengths)
    {
        foreach (var length in lengths)
        {
            if (length < 0 || length > Shape.Steps) throw _layer.Context.Fail($"a sequence length of {length} lies outside its {Shape.Steps} steps");
        }
    }

    private static Tensor? Input(ReadOnlySpan<Tensor?> inputs, int index) => index < inputs.Length ? inputs[index] : null;

    /// <summary>The products of a direction's state in a run.</summary>
    private readonly ref struct StateProducts(GateProduct[] products, Tensor weights, GateCall call) : IStateProducts
    {
        private readonly GateCall _call = call;

        public void Multiply(int product, ReadOnlySpan<float> x, Span<float> y) => products[product].Multiply(x, weights, _call, y);
    }
}
