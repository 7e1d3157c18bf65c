using System.Numerics.Tensors;

namespace Subbyte.Methods.Gptq;

/// <summary>
/// How the error of a rounded weight is made up for by those that are still to be rounded: the upper triangle U with H⁻¹ = UᵀU, H the second
/// moments of the input with a damped diagonal. The Cholesky factor of H with its order turned around, inverted, gives U without H⁻¹.
/// </summary>
internal sealed class ErrorPropagation
{
    private readonly int _depth;
    private readonly int[] _order;
    private readonly double[] _upper;

    /// <summary>Prepares the propagation.</summary>
    /// <param name="moments">Second moments [depth][depth]; symmetric, positive semidefinite. The array is overwritten.</param>
    /// <param name="order">The order in which weights are rounded.</param>
    /// <param name="damping">What is added to the diagonal, as a share of its mean.</param>
    public ErrorPropagation(double[] moments, int[] order, double damping)
    {
        _depth = order.Length;
        _order = order;
        double trace = 0;
        for (var n = 0; n < _depth; n++) trace += moments[(n * _depth) + n];
        var ridge = trace > 0 ? damping * trace / _depth : 1;
        var factor = new double[moments.Length];
        for (var i = 0; i < _depth; i++)
        {
            // Row and column i of H in reversed order.
            var from = order[_depth - 1 - i];
            for (var j = 0; j <= i; j++)
                factor[(i * _depth) + j] = moments[(from * _depth) + order[_depth - 1 - j]] + (i == j ? ridge : 0);
        }

        Factorize(factor);
        _upper = moments;
        Invert(factor, _upper);
    }

    /// <summary>Rounds the weights of one output channel, in order.</summary>
    /// <param name="weights">The weights; they are overwritten.</param>
    /// <param name="scale">Scale of the channel's grid.</param>
    /// <param name="largest">Largest code.</param>
    /// <param name="codes">The codes.</param>
    public void Round(double[] weights, double scale, int largest, Span<short> codes)
    {
        var rest = new double[_depth];
        for (var i = 0; i < _depth; i++) rest[i] = weights[_order[i]];
        for (var i = 0; i < _depth; i++)
        {
            var code = Math.Clamp(Math.Round(rest[i] / scale), -largest, largest);
            codes[_order[i]] = (short)code;
            var row = _upper.AsSpan((i * _depth) + i, _depth - i);
            var error = (rest[i] - (code * scale)) / row[0];
            TensorPrimitives.FusedMultiplyAdd(row, -error, rest.AsSpan(i), rest.AsSpan(i));
        }
    }

    /// <summary>Lower Cholesky factor in place, each sum in ascending order.</summary>
    private void Factorize(double[] matrix)
    {
        for (var i = 0; i < _depth; i++)
        {
            var row = matrix.AsSpan(i * _depth, i + 1);
            for (var j = 0; j < i; j++)
            {
                var other = matrix.AsSpan(j * _depth, j + 1);
                row[j] = (row[j] - Dot(row, other, j)) / other[j];
            }

            row[i] = Math.Sqrt(row[i] - Dot(row, row, i));
        }
    }

    /// <summary>The inverse of a lower triangle, turned around in rows and columns: an upper triangle.</summary>
    private void Invert(double[] lower, double[] upper)
    {
        var inverse = new double[lower.Length];
        for (var i = 0; i < _depth; i++)
        {
            var target = inverse.AsSpan(i * _depth, i + 1);
            target[i] = 1;
            for (var k = 0; k < i; k++)
            {
                var part = target[..(k + 1)];
                TensorPrimitives.FusedMultiplyAdd(inverse.AsSpan(k * _depth, k + 1), -lower[(i * _depth) + k], part, part);
            }

            TensorPrimitives.Divide(target, lower[(i * _depth) + i], target);
        }

        Array.Clear(upper);
        for (var i = 0; i < _depth; i++)
        {
            for (var j = i; j < _depth; j++) upper[(i * _depth) + j] = inverse[((_depth - 1 - i) * _depth) + (_depth - 1 - j)];
        }
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int count)
    {
        double sum = 0;
        for (var k = 0; k < count; k++) sum += a[k] * b[k];
        return sum;
    }
}
