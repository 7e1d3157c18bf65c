namespace Subbyte.Kernels;

/// <summary>Sizes and directions of a recurrent layer, and where its inputs, results and states lie.</summary>
public sealed record RecurrentShape
{
    /// <summary>Steps of the longest sequence.</summary>
    public required int Steps { get; init; }

    /// <summary>Sequences.</summary>
    public required int Batch { get; init; }

    /// <summary>Elements of one step's input.</summary>
    public required int Inputs { get; init; }

    /// <summary>Elements of the state.</summary>
    public required int Hidden { get; init; }

    /// <summary>Whether the batch comes before the steps (layout 1).</summary>
    public bool IsBatchFirst { get; init; }

    /// <summary>For each direction, whether it goes from the end to the beginning.</summary>
    public required IReadOnlyList<bool> IsReverse { get; init; }

    /// <summary>Arguments of activations lie within ± this; &gt; 0.</summary>
    public float Clip { get; init; } = float.PositiveInfinity;

    /// <summary>Number of directions.</summary>
    public int Directions => IsReverse.Count;

    /// <summary>Elements of the results of all steps.</summary>
    public long OutputLength => (long)Steps * Directions * Batch * Hidden;

    /// <summary>Elements of the states of all directions and sequences.</summary>
    public long StateLength => (long)Directions * Batch * Hidden;

    /// <summary>The row of a step's input among the rows of all steps.</summary>
    /// <param name="step">The step.</param>
    /// <param name="sequence">The sequence.</param>
    /// <returns>The row.</returns>
    public int InputRow(int step, int sequence) => IsBatchFirst ? (sequence * Steps) + step : (step * Batch) + sequence;

    /// <summary>The row of a step's output among the rows of all steps and directions.</summary>
    /// <param name="step">The step.</param>
    /// <param name="direction">The direction.</param>
    /// <param name="sequence">The sequence.</param>
    /// <returns>The row.</returns>
    public int OutputRow(int step, int direction, int sequence)
        => IsBatchFirst ? (((sequence * Steps) + step) * Directions) + direction : (((step * Directions) + direction) * Batch) + sequence;

    /// <summary>The row of a state among those of all directions and sequences.</summary>
    /// <param name="direction">The direction.</param>
    /// <param name="sequence">The sequence.</param>
    /// <returns>The row.</returns>
    public int StateRow(int direction, int sequence) => IsBatchFirst ? (sequence * Directions) + direction : (direction * Batch) + sequence;
}
