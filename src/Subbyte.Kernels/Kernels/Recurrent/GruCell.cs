namespace Subbyte.Kernels;

/// <summary>GRU: gates update, reset and candidate; H' = (1 − z)∘h + z∘H, the reset before or after the candidate's product.</summary>
/// <param name="shape">Sizes and directions.</param>
/// <param name="activations">Activations of the two gates and of the candidate, of each direction.</param>
/// <param name="isLinearFirst">
/// Whether the candidate sees r∘(H·Rᵀ + b), one product a step; else (r∘H)·Rᵀ + b, whose product waits for the reset gate.
/// </param>
public sealed class GruCell(RecurrentShape shape, IReadOnlyList<GateActivation[]> activations, bool isLinearFirst) : RecurrentCell(shape, activations)
{
    /// <summary>Whether the reset gate comes after the candidate's product.</summary>
    public bool IsLinearFirst => isLinearFirst;

    /// <inheritdoc/>
    public override int Gates => 3;

    /// <inheritdoc/>
    public override IReadOnlyList<StateProduct> StateProducts { get; } = isLinearFirst ? [new("state", 0, 3)] : [new("state", 0, 2), new("candidate", 2, 1)];

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Operand(int product, scoped in RecurrentMemory memory) => product == 0 ? memory.State : memory.Reset;

    /// <inheritdoc/>
    public override void Finish(int product, in RecurrentMemory memory, ReadOnlySpan<float> products)
    {
        var width = StateProducts[product].Count * Shape.Hidden;
        // Sequences that have ended are multiplied too.
        if (product == 0 && !isLinearFirst) memory.Reset.Clear();
        for (var sequence = 0; sequence < memory.Rows.Length; sequence++)
        {
            if (memory.Rows[sequence] < 0) continue;
            var gates = GatesOf(memory, sequence);
            var row = products.Slice(sequence * width, width);
            if (product == 1) Candidate(memory, sequence, gates, row);
            else if (isLinearFirst) LinearFirst(memory, sequence, gates, row);
            else ResetFirst(memory, sequence, gates, row);
        }
    }

    private void LinearFirst(in RecurrentMemory memory, int sequence, Span<float> gates, ReadOnlySpan<float> products)
    {
        var hidden = Shape.Hidden;
        var bias = memory.Bias[(Width + (2 * hidden))..];
        OpenGates(memory, products[..(2 * hidden)], gates);
        products = products[(2 * hidden)..];
        for (var k = 0; k < hidden; k++) gates[(2 * hidden) + k] += gates[hidden + k] * (products[k] + bias[k]);
        Blend(memory, sequence, gates);
    }

    private void ResetFirst(in RecurrentMemory memory, int sequence, Span<float> gates, ReadOnlySpan<float> products)
    {
        var hidden = Shape.Hidden;
        OpenGates(memory, products, gates);
        for (var k = 0; k < hidden; k++) memory.Reset[(sequence * hidden) + k] = gates[hidden + k] * memory.State[(sequence * hidden) + k];
    }

    private void Candidate(in RecurrentMemory memory, int sequence, Span<float> gates, ReadOnlySpan<float> products)
    {
        var first = 2 * Shape.Hidden;
        Add(gates[first..], products, memory.Bias[(Width + first)..]);
        Blend(memory, sequence, gates);
    }

    /// <summary>Update and reset gates from the products of the state.</summary>
    private void OpenGates(in RecurrentMemory memory, ReadOnlySpan<float> products, Span<float> gates)
    {
        var both = 2 * Shape.Hidden;
        Add(gates[..both], products, memory.Bias.Slice(Width, both));
        Activate(gates[..both], Activations[memory.Direction][0]);
    }

    private void Blend(in RecurrentMemory memory, int sequence, Span<float> gates)
    {
        var hidden = Shape.Hidden;
        var state = memory.State.Slice(sequence * hidden, hidden);
        var candidate = gates[(2 * hidden)..];
        Activate(candidate, Activations[memory.Direction][1]);
        for (var k = 0; k < hidden; k++) state[k] = ((1 - gates[k]) * candidate[k]) + (gates[k] * state[k]);
    }
}
