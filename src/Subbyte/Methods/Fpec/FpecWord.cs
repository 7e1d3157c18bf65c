namespace Subbyte.Methods.Fpec;

/// <summary>A compensated word: the rounded value in steps, and its error in units of the format's error estimate.</summary>
/// <param name="Code">Integer code q.</param>
/// <param name="Error">Error code ε, −2 … 2; 0 for a value that is not compensated, and for padding.</param>
public readonly record struct FpecWord(int Code, int Error);
