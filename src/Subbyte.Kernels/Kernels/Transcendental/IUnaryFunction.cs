using System.Numerics;

namespace Subbyte.Kernels;

/// <summary>A function of one float as a fixed sequence of exactly rounded operations, in scalar and vector form with the same bits.</summary>
internal interface IUnaryFunction
{
    /// <summary>The function of one number.</summary>
    /// <param name="x">The number.</param>
    static abstract float Of(float x);

    /// <summary>The function of each lane.</summary>
    /// <param name="x">The numbers.</param>
    static abstract Vector<float> Of(Vector<float> x);
}
