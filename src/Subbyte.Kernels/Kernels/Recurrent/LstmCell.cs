namespace Subbyte.Kernels;

/// <summary>LSTM: gates input, output, forget and cell; C' = f∘C + i∘c, H' = o∘h(C'), with peepholes where they are given.</summary>
/// <param name="shape">Sizes and directions.</param>
/// <param name="activations">Activations of the three gates, of the cell's candidate and of the cell state, of each direction.</param>
/// <param name="couplesForget">Whether the forget gate is 1 − the input gate.</param>
public sealed class LstmCell(RecurrentShape shape, IReadOnlyList<GateActivation[]> activations, bool couplesForget) : RecurrentCell(shape, activations)
{
    /// <summary>Whether the forget gate is 1 − the input gate.</summary>
    public bool CouplesForget => couplesForget;

    /// <inheritdoc/>
    public override int Gates => 4;

    /// <inheritdoc/>
    public override bool HasCellState => true;

    /// <inheritdoc/>
    public override IReadOnlyList<StateProduct> StateProducts { get; } = [new("state", 0, 4)];

    /// <inheritdoc/>
    public override void Finish(int product, in RecurrentMemory memory, ReadOnlySpan<float> products)
    {
        var hidden = Shape.Hidden;
        for (var sequence = 0; sequence < memory.Rows.Length; sequence++)
        {
            if (memory.Rows[sequence] < 0) continue;
            var gates = GatesOf(memory, sequence);
            Add(gates, products.Slice(sequence * Width, Width), memory.Bias[Width..]);
            Advance(gates, memory.Peepholes, Activations[memory.Direction], memory.State.Slice(sequence * hidden, hidden), memory.Cell.Slice(sequence * hidden, hidden));
        }
    }

    private void Advance(Span<float> gates, ReadOnlySpan<float> peepholes, GateActivation[] activations, Span<float> state, Span<float> cell)
    {
        var hidden = cell.Length;
        var input = gates[..hidden];
        var output = gates.Slice(hidden, hidden);
        var forget = gates.Slice(2 * hidden, hidden);
        var candidate = gates.Slice(3 * hidden, hidden);
        if (!peepholes.IsEmpty)
        {
            Peep(input, peepholes[..hidden], cell);
            Peep(forget, peepholes[(2 * hidden)..], cell);
        }

        Activate(input, activations[0]);
        Activate(forget, activations[0]);
        Activate(candidate, activations[1]);
        for (var k = 0; k < hidden; k++)
        {
            var kept = couplesForget ? 1 - input[k] : forget[k];
            cell[k] = (kept * cell[k]) + (input[k] * candidate[k]);
        }

        if (!peepholes.IsEmpty) Peep(output, peepholes.Slice(hidden, hidden), cell);
        Activate(output, activations[0]);
        cell.CopyTo(state);
        activations[2].Apply(state);
        for (var k = 0; k < hidden; k++) state[k] *= output[k];
    }

    private static void Peep(Span<float> gate, ReadOnlySpan<float> weights, ReadOnlySpan<float> cell)
    {
        for (var k = 0; k < gate.Length; k++) gate[k] += weights[k] * cell[k];
    }
}
