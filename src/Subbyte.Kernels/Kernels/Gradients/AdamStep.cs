namespace Subbyte.Kernels;

/// <summary>The numbers of one step of <see cref="ParameterUpdate.Adam"/>.</summary>
/// <param name="Rate">Learning rate over the bias correction of the first moment, 1 − β₁ᵗ.</param>
/// <param name="Lift">Bias correction of the root of the second moment, 1 / √(1 − β₂ᵗ).</param>
/// <param name="Beta1">What the first moment keeps of itself.</param>
/// <param name="Beta2">What the second moment keeps of itself.</param>
/// <param name="Epsilon">Added to the divisor.</param>
/// <param name="Penalty">Weight decay as an L2 penalty, 0 for none.</param>
/// <param name="Keep">Weight decay apart from the gradient (AdamW): what weights keep of themselves, 1 for none.</param>
public readonly record struct AdamStep(float Rate, float Lift, float Beta1, float Beta2, float Epsilon, float Penalty, float Keep);
