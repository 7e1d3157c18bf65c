namespace Subbyte.Kernels;

/// <summary>RNN: H' = f(x·Wᵀ + H·Rᵀ + b).</summary>
/// <param name="shape">Sizes and directions.</param>
/// <param name="activations">f of each direction.</param>
public sealed class RnnCell(RecurrentShape shape, IReadOnlyList<GateActivation[]> activations) : RecurrentCell(shape, activations)
{
    /// <inheritdoc/>
    public override int Gates => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<StateProduct> StateProducts { get; } = [new("state", 0, 1)];

    /// <inheritdoc/>
    public override void Finish(int product, in RecurrentMemory memory, ReadOnlySpan<float> products)
    {
        for (var sequence = 0; sequence < memory.Rows.Length; sequence++)
        {
            if (memory.Rows[sequence] < 0) continue;
            var gates = GatesOf(memory, sequence);
            Add(gates, products.Slice(sequence * Width, Width), memory.Bias[Width..]);
            Activate(gates, Activations[memory.Direction][0]);
            gates.CopyTo(memory.State[(sequence * Width)..]);
        }
    }
}
