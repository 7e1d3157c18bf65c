namespace Subbyte.Methods.MultiLevelBinary;

/// <summary>How weights become sums of scaled signs: one row of scales and digits ±1 from a row of latents.</summary>
internal interface IBinaryBasis
{
    /// <summary>Numbers of state a row has.</summary>
    int StateLength { get; }

    /// <summary>Sets the state before training.</summary>
    /// <param name="row">Latents.</param>
    /// <param name="state">State of the row.</param>
    void Start(ReadOnlySpan<float> row, Span<float> state);

    /// <summary>Moves the state at the beginning of a step.</summary>
    /// <param name="row">Latents.</param>
    /// <param name="state">State of the row.</param>
    void Move(ReadOnlySpan<float> row, Span<float> state);

    /// <summary>Codes a row.</summary>
    /// <param name="row">Latents.</param>
    /// <param name="state">State of the row.</param>
    /// <param name="scales">Takes the scale of each level.</param>
    /// <param name="digits">Takes ±1 [level][k].</param>
    void Encode(ReadOnlySpan<float> row, ReadOnlySpan<float> state, Span<double> scales, Span<sbyte> digits);
}
