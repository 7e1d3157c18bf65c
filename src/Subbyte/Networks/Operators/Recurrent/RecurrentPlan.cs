using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>
/// Runs a recurrent layer: the products of all steps' inputs first, then step by step the products of the state, which are added to them; what the
/// gates make of the sums is the subclasses' part.
/// </summary>
internal abstract class RecurrentPlan : NodePlan
{
    private readonly GateProduct _inputProduct;
    private readonly long _productBytes;

    protected RecurrentPlan(RecurrentLayer layer, GateProduct[] stateProducts, params TensorType[] outputs)
        : base(outputs)
    {
        Layer = layer;
        StateProducts = stateProducts;
        _inputProduct = GateProduct.OfInput(layer);
        _productBytes = stateProducts.Prepend(_inputProduct).Max(product => product.ScratchBytes);
    }

    public override long ScratchBytes
        => ScratchAllocator.Bytes<float>((long)Layer.Steps * Layer.Batch * Width) + ScratchAllocator.Bytes<float>((long)Layer.Batch * Width)
            + (3 * ScratchAllocator.Bytes<float>((long)Layer.Batch * Layer.Hidden)) + (2 * ScratchAllocator.Bytes<int>(Layer.Batch)) + ScratchAllocator.Bytes<float>(2L * Width)
            + ScratchAllocator.Bytes<byte>(_productBytes);

    public override IEnumerable<IDotProductPlan> DotProducts => StateProducts.Prepend(_inputProduct).SelectMany(product => product.Layers);

    /// <summary>The products of the state, in the order in which a step makes them.</summary>
    protected GateProduct[] StateProducts { get; }

    /// <summary>The layer.</summary>
    protected RecurrentLayer Layer { get; }

    /// <summary>Elements of all gates of a cell.</summary>
    protected int Width => Layer.Gates * Layer.Hidden;

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch) => Run(inputs, outputs, scratch, (ObservedGates?)null);

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch, IExecutionObserver observer)
    {
        var observed = new ObservedGates(observer);
        Run(inputs, outputs, scratch, observed);
        observed.Show();
        observer.Ran(this, inputs, outputs);
    }

    private void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch, ObservedGates? observed)
    {
        var y = outputs[0].AsSpan<float>();
        y.Clear();
        for (var direction = 0; direction < Layer.Directions; direction++)
        {
            var allocator = new ScratchAllocator(scratch);
            var memory = new RecurrentMemory
            {
                Direction = direction,
                Activations = Layer.Activations[direction],
                Gates = allocator.Take<float>(Layer.Steps * Layer.Batch * Width),
                StateGates = allocator.Take<float>(Layer.Batch * Width),
                Reset = allocator.Take<float>(Layer.Batch * Layer.Hidden),
                State = allocator.Take<float>(Layer.Batch * Layer.Hidden),
                Cell = allocator.Take<float>(Layer.Batch * Layer.Hidden),
                Rows = allocator.Take<int>(Layer.Batch),
                Lengths = allocator.Take<int>(Layer.Batch),
                Bias = allocator.Take<float>(2 * Width),
                Scratch = allocator.Take<byte>((int)_productBytes),
                Observed = observed,
            };
            Start(memory, inputs);
            for (var step = 0; step < Layer.Steps; step++)
            {
                ChooseRows(memory, step);
                Step(memory, inputs);
                Emit(memory, step, y);
            }

            End(memory, outputs);
        }
    }

    /// <summary>Makes one step of all sequences that have not ended (<see cref="RecurrentMemory.Rows"/> ≥ 0).</summary>
    /// <param name="memory">State and gates.</param>
    /// <param name="inputs">Inputs of the node.</param>
    protected abstract void Step(in RecurrentMemory memory, ReadOnlySpan<Tensor?> inputs);

    /// <summary>Bounds arguments and applies an activation.</summary>
    protected void Activate(Span<float> values, GateActivation activation)
    {
        if (!float.IsPositiveInfinity(Layer.Clip))
        {
            foreach (ref var value in values) value = Math.Clamp(value, -Layer.Clip, Layer.Clip);
        }

        activation.Apply(values);
    }

    /// <summary>Adds a state product and its bias to what the input gave.</summary>
    protected static void Add(Span<float> gates, ReadOnlySpan<float> products, ReadOnlySpan<float> bias)
    {
        for (var i = 0; i < gates.Length; i++) gates[i] += products[i] + bias[i];
    }

    private void Start(in RecurrentMemory memory, ReadOnlySpan<Tensor?> inputs)
    {
        memory.Bias.Clear();
        if (Input(inputs, 3) is { } bias)
        {
            var both = bias.AsSpan<float>().Slice(memory.Direction * 2 * Width, 2 * Width);
            if (!_inputProduct.HoldsBias) both[..Width].CopyTo(memory.Bias);
            if (!StateProducts[0].HoldsBias) both[Width..].CopyTo(memory.Bias[Width..]);
        }

        _inputProduct.Multiply(inputs[0]!.AsSpan<float>(), inputs[1]!, memory, memory.Gates);
        for (var row = 0; row < Layer.Steps * Layer.Batch && !_inputProduct.HoldsBias; row++)
        {
            var gates = memory.Gates.Slice(row * Width, Width);
            for (var i = 0; i < gates.Length; i++) gates[i] += memory.Bias[i];
        }

        memory.Lengths.Fill(Layer.Steps);
        if (Input(inputs, 4) is { } lengths) lengths.AsSpan<int>().CopyTo(memory.Lengths);
        foreach (var length in memory.Lengths)
        {
            if (length < 0 || length > Layer.Steps) throw Layer.Context.Fail($"a sequence length of {length} lies outside its {Layer.Steps} steps");
        }

        Initial(memory.State, Input(inputs, 5), memory.Direction);
        Initial(memory.Cell, Input(inputs, 6), memory.Direction);
    }

    private void Initial(Span<float> state, Tensor? given, int direction)
    {
        state.Clear();
        for (var sequence = 0; given is not null && sequence < Layer.Batch; sequence++)
            given.AsSpan<float>().Slice(Layer.StateRow(direction, sequence) * Layer.Hidden, Layer.Hidden).CopyTo(state[(sequence * Layer.Hidden)..]);
    }

    private void ChooseRows(in RecurrentMemory memory, int step)
    {
        for (var sequence = 0; sequence < Layer.Batch; sequence++)
        {
            var length = memory.Lengths[sequence];
            memory.Rows[sequence] = step >= length ? -1 : Layer.InputRow(Position(memory, step, length), sequence);
        }
    }

    /// <summary>The place in its sequence of a step in the direction's order.</summary>
    private int Position(in RecurrentMemory memory, int step, int length) => Layer.IsReverse[memory.Direction] ? length - 1 - step : step;

    private void Emit(in RecurrentMemory memory, int step, Span<float> y)
    {
        for (var sequence = 0; sequence < Layer.Batch; sequence++)
        {
            if (memory.Rows[sequence] < 0) continue;
            var row = Layer.OutputRow(Position(memory, step, memory.Lengths[sequence]), memory.Direction, sequence);
            memory.State.Slice(sequence * Layer.Hidden, Layer.Hidden).CopyTo(y[(row * Layer.Hidden)..]);
        }
    }

    private void End(in RecurrentMemory memory, ReadOnlySpan<Tensor> outputs)
    {
        for (var output = 1; output < outputs.Length; output++)
        {
            var state = output == 1 ? memory.State : memory.Cell;
            for (var sequence = 0; sequence < Layer.Batch; sequence++)
                state.Slice(sequence * Layer.Hidden, Layer.Hidden).CopyTo(outputs[output].AsSpan<float>()[(Layer.StateRow(memory.Direction, sequence) * Layer.Hidden)..]);
        }
    }

    private static Tensor? Input(ReadOnlySpan<Tensor?> inputs, int index) => index < inputs.Length ? inputs[index] : null;
}
