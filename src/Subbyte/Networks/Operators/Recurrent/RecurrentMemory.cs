namespace Subbyte.Networks.Operators;

/// <summary>Memory of one direction of a recurrent layer during a run.</summary>
internal readonly ref struct RecurrentMemory
{
    /// <summary>The direction.</summary>
    public required int Direction { get; init; }

    /// <summary>Its activations.</summary>
    public required GateActivation[] Activations { get; init; }

    /// <summary>Products of the inputs with their bias, [row][gate · hidden]; a step uses its rows up.</summary>
    public required Span<float> Gates { get; init; }

    /// <summary>Products of the states, [sequence][gate · hidden].</summary>
    public required Span<float> StateGates { get; init; }

    /// <summary>Room for states that a gate has scaled, [sequence][hidden].</summary>
    public required Span<float> Reset { get; init; }

    /// <summary>Hidden states, [sequence][hidden].</summary>
    public required Span<float> State { get; init; }

    /// <summary>Cell states, [sequence][hidden].</summary>
    public required Span<float> Cell { get; init; }

    /// <summary>The row of <see cref="Gates"/> of each sequence in this step; −1 where it has ended.</summary>
    public required Span<int> Rows { get; init; }

    /// <summary>Length of each sequence in steps.</summary>
    public required Span<int> Lengths { get; init; }

    /// <summary>Scratch memory of a product.</summary>
    public required Span<byte> Scratch { get; init; }

    /// <summary>Takes what the layers read and give, where somebody looks on.</summary>
    public ObservedGates? Observed { get; init; }

    /// <summary>Bias of the inputs' products, then that of the states', [2][gate · hidden]; zeros where the products include it.</summary>
    public required Span<float> Bias { get; init; }
}
