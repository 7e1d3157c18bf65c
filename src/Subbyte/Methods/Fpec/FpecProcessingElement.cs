namespace Subbyte.Methods.Fpec;

/// <summary>
/// The processing element (sections 3.3 and 3.6), the scalar reference: a multiplier and accumulator of the computation bits, and beside them
/// adders that accumulate the other operand's code wherever an error code is not zero.
/// </summary>
public readonly record struct FpecProcessingElement
{
    private const int FinalCycles = 2;

    /// <summary>B: Σ q_x·q_w.</summary>
    public long Products { get; private init; }

    /// <summary>C_x: Σ ε_x·q_w.</summary>
    public long ActivationErrors { get; private init; }

    /// <summary>C_w: Σ q_x·ε_w.</summary>
    public long WeightErrors { get; private init; }

    /// <summary>Terms of the dot product.</summary>
    public int Length { get; private init; }

    /// <summary>Terms whose activation is not zero.</summary>
    public int NonZero { get; private init; }

    /// <summary>n_x: additions for errors of activations.</summary>
    public int ActivationCompensations { get; private init; }

    /// <summary>n_w: additions for errors of weights.</summary>
    public int WeightCompensations { get; private init; }

    /// <summary>Accumulates a dot product.</summary>
    /// <param name="activations">Words of the activations.</param>
    /// <param name="weights">Words of the weights, as many.</param>
    /// <returns>The element's accumulators and counts.</returns>
    public static FpecProcessingElement DotProduct(ReadOnlySpan<FpecWord> activations, ReadOnlySpan<FpecWord> weights)
    {
        var element = default(FpecProcessingElement);
        for (var k = 0; k < activations.Length; k++) element = element.Accumulate(activations[k], weights[k]);
        return element;
    }

    /// <summary>Accumulates a dot product of a patch.</summary>
    /// <param name="input">What the patch's base codes stand for.</param>
    /// <param name="patch">Base codes.</param>
    /// <param name="weights">Words of the weights, as many.</param>
    /// <returns>The element's accumulators and counts.</returns>
    public static FpecProcessingElement DotProduct(FpecActivations input, ReadOnlySpan<short> patch, ReadOnlySpan<FpecWord> weights)
    {
        var element = default(FpecProcessingElement);
        for (var k = 0; k < patch.Length; k++) element = element.Accumulate(input.Word(patch[k]), weights[k]);
        return element;
    }

    /// <summary>One term.</summary>
    /// <param name="x">Word of the activation.</param>
    /// <param name="w">Word of the weight.</param>
    /// <returns>The element after it.</returns>
    public FpecProcessingElement Accumulate(FpecWord x, FpecWord w)
    {
        var (addsX, addsW) = (x.Error != 0 && w.Code != 0, w.Error != 0 && x.Code != 0);
        return new FpecProcessingElement
        {
            Products = Products + ((long)x.Code * w.Code),
            ActivationErrors = ActivationErrors + (addsX ? Signed(w.Code, x.Error) : 0),
            WeightErrors = WeightErrors + (addsW ? Signed(x.Code, w.Error) : 0),
            Length = Length + 1,
            NonZero = NonZero + (x.Code == 0 ? 0 : 1),
            ActivationCompensations = ActivationCompensations + (addsX ? 1 : 0),
            WeightCompensations = WeightCompensations + (addsW ? 1 : 0),
        };
    }

    /// <summary>The final shift-add: Y, in units of 2^−(FBx + FBw + S).</summary>
    /// <param name="activations">Format of the activations.</param>
    /// <param name="weights">Format of the weights.</param>
    /// <returns>The sum.</returns>
    public long Sum(FpecFormat activations, FpecFormat weights)
    {
        var shift = FpecFormat.SumShift(activations, weights);
        var sum = Products << shift;
        if (activations.IsCompensated) sum += ActivationErrors << (shift - 1 - activations.ErrorShift);
        if (weights.IsCompensated) sum += WeightErrors << (shift - 1 - weights.ErrorShift);
        return sum;
    }

    /// <summary>Cycles of one element: the longer of both paths, and the final shift-add.</summary>
    /// <param name="adders">Adders of the compensation path.</param>
    /// <param name="skipZeros">Whether multiplications by zero activations take no cycle.</param>
    /// <returns>Cycles.</returns>
    public int Cycles(int adders, bool skipZeros)
        => Cycles(skipZeros ? NonZero : Length, ActivationCompensations + WeightCompensations, adders);

    /// <summary>Cycles of one element from counts.</summary>
    /// <param name="multiplications">Multiplications.</param>
    /// <param name="compensations">Additions of the compensation path.</param>
    /// <param name="adders">Its adders.</param>
    /// <returns>Cycles.</returns>
    public static int Cycles(int multiplications, int compensations, int adders)
        => Math.Max(multiplications, (compensations + adders - 1) / adders) + FinalCycles;

    private static long Signed(int code, int error) => (error < 0 ? -(long)code : code) << (Math.Abs(error) - 1);
}
