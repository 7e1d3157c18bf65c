namespace Subbyte.Kernels;

/// <summary>A product of the state in a step.</summary>
/// <param name="Name">Name of the layer that it is.</param>
/// <param name="First">The first of its gates.</param>
/// <param name="Count">Number of its gates.</param>
public sealed record StateProduct(string Name, int First, int Count);

/// <summary>What the gates of a recurrent layer make of the products of its input and its state.</summary>
/// <param name="shape">Sizes and directions.</param>
/// <param name="activations">Activations [direction][function].</param>
public abstract class RecurrentCell(RecurrentShape shape, IReadOnlyList<GateActivation[]> activations)
{
    /// <summary>Sizes and directions.</summary>
    public RecurrentShape Shape { get; } = shape;

    /// <summary>Activations [direction][function].</summary>
    public IReadOnlyList<GateActivation[]> Activations { get; } = activations;

    /// <summary>Number of gates.</summary>
    public abstract int Gates { get; }

    /// <summary>Elements of all gates.</summary>
    public int Width => Gates * Shape.Hidden;

    /// <summary>The products of the state, in the order in which a step makes them; a later one waits for what the one before it gave.</summary>
    public abstract IReadOnlyList<StateProduct> StateProducts { get; }

    /// <summary>Whether there is a cell state beside the hidden state.</summary>
    public virtual bool HasCellState => false;

    /// <summary>What a product multiplies, [sequence][hidden].</summary>
    /// <param name="product">Which product.</param>
    /// <param name="memory">Memory of the run.</param>
    /// <returns>The rows.</returns>
    public virtual ReadOnlySpan<float> Operand(int product, scoped in RecurrentMemory memory) => memory.State;

    /// <summary>Goes on with a product: up to the next one, or to the end of the step. Sequences that have ended (<see cref="RecurrentMemory.Rows"/> &lt; 0) stay.</summary>
    /// <param name="product">Which product.</param>
    /// <param name="memory">Memory of the run.</param>
    /// <param name="products">The product, [sequence][gate · hidden].</param>
    public abstract void Finish(int product, in RecurrentMemory memory, ReadOnlySpan<float> products);

    /// <summary>Bounds arguments and applies an activation.</summary>
    /// <param name="values">The arguments, replaced.</param>
    /// <param name="activation">The activation.</param>
    protected void Activate(Span<float> values, GateActivation activation)
    {
        if (!float.IsPositiveInfinity(Shape.Clip))
        {
            foreach (ref var value in values) value = Math.Clamp(value, -Shape.Clip, Shape.Clip);
        }

        activation.Apply(values);
    }

    /// <summary>Adds a state product and its bias to what the input gave.</summary>
    /// <param name="gates">What the input gave, replaced.</param>
    /// <param name="products">The state product.</param>
    /// <param name="bias">Its bias.</param>
    protected static void Add(Span<float> gates, ReadOnlySpan<float> products, ReadOnlySpan<float> bias)
    {
        for (var i = 0; i < gates.Length; i++) gates[i] += products[i] + bias[i];
    }

    /// <summary>The gates of a sequence in this step.</summary>
    /// <param name="memory">Memory of the run.</param>
    /// <param name="sequence">The sequence, which has not ended.</param>
    /// <returns>Products of its input, [gate · hidden].</returns>
    protected Span<float> GatesOf(scoped in RecurrentMemory memory, int sequence) => memory.Gates.Slice(memory.Rows[sequence] * Width, Width);
}
