using System.Runtime.InteropServices;

namespace Subbyte.Kernels;

/// <summary>Memory of one direction of a recurrent layer during a run.</summary>
public readonly ref struct RecurrentMemory
{
    /// <summary>Divides memory; its content is arbitrary but for <see cref="Lengths"/> (all steps), <see cref="Bias"/>, <see cref="State"/> and <see cref="Cell"/> (zeros).</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="direction">The direction.</param>
    /// <param name="memory">At least <see cref="Length"/> elements.</param>
    public RecurrentMemory(RecurrentCell cell, int direction, Span<float> memory)
    {
        var (shape, width) = (cell.Shape, cell.Width);
        Direction = direction;
        Gates = Take(ref memory, shape.Steps * shape.Batch * width);
        StateGates = Take(ref memory, shape.Batch * width);
        Reset = Take(ref memory, shape.Batch * shape.Hidden);
        State = Take(ref memory, shape.Batch * shape.Hidden);
        Cell = Take(ref memory, shape.Batch * shape.Hidden);
        Bias = Take(ref memory, 2 * width);
        Rows = MemoryMarshal.Cast<float, int>(Take(ref memory, shape.Batch));
        Lengths = MemoryMarshal.Cast<float, int>(Take(ref memory, shape.Batch));
        State.Clear();
        Cell.Clear();
        Bias.Clear();
        Lengths.Fill(shape.Steps);
    }

    /// <summary>The direction.</summary>
    public int Direction { get; }

    /// <summary>Products of the inputs with their bias, [row][gate · hidden]; a step uses its rows up.</summary>
    public Span<float> Gates { get; }

    /// <summary>Products of the states, one product after the other, [sequence][gate · hidden] each.</summary>
    public Span<float> StateGates { get; }

    /// <summary>Room for states that a gate has scaled, [sequence][hidden].</summary>
    public Span<float> Reset { get; }

    /// <summary>Hidden states, [sequence][hidden].</summary>
    public Span<float> State { get; }

    /// <summary>Cell states, [sequence][hidden].</summary>
    public Span<float> Cell { get; }

    /// <summary>Bias of the inputs' products, then that of the states', [2][gate · hidden]; zeros where the products include it.</summary>
    public Span<float> Bias { get; }

    /// <summary>The row of <see cref="Gates"/> of each sequence in this step; −1 where it has ended.</summary>
    public Span<int> Rows { get; }

    /// <summary>Length of each sequence in steps.</summary>
    public Span<int> Lengths { get; }

    /// <summary>Weights by which gates look at the cell state, [3][hidden], in the order input, output, forget; empty without.</summary>
    public ReadOnlySpan<float> Peepholes { get; init; }

    /// <summary>Elements of memory that a direction needs.</summary>
    /// <param name="cell">The cell.</param>
    /// <returns>Number of elements.</returns>
    public static long Length(RecurrentCell cell)
    {
        var shape = cell.Shape;
        return (((((long)shape.Steps + 1) * shape.Batch) + 2) * cell.Width) + (3L * shape.Batch * shape.Hidden) + (2L * shape.Batch);
    }

    private static Span<float> Take(scoped ref Span<float> memory, int count)
    {
        var piece = memory[..count];
        memory = memory[count..];
        return piece;
    }
}
