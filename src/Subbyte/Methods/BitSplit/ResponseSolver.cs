using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Methods.BitSplit;

/// <summary>
/// The optimisation of one output channel as <see cref="ResponseReference"/> defines it, bit for bit, with whole rows at a time. Whatever is
/// elementwise is vectorised, every sum keeps its order, and a digit that stays costs two operations.
/// </summary>
public sealed class ResponseSolver
{
    private readonly ResponseMoments _moments;
    private readonly double[] _diagonal;
    private readonly double[] _target;
    private readonly double[][] _images;

    /// <summary>A solver with the memory that it works in; not to be shared between threads.</summary>
    /// <param name="moments">Moments of the input.</param>
    /// <param name="planes">Planes of a channel, M − 1.</param>
    public ResponseSolver(ResponseMoments moments, int planes)
    {
        _moments = moments;
        _diagonal = [.. Enumerable.Range(0, moments.Depth).Select(moments.Diagonal)];
        _target = new double[moments.Depth];
        _images = [.. Enumerable.Range(0, planes).Select(_ => new double[moments.Depth])];
    }

    /// <summary>Optimises digits and scale in place.</summary>
    /// <param name="planes">The channel's digits and scale.</param>
    /// <param name="response">C of the channel.</param>
    /// <param name="epochs">Most rounds.</param>
    /// <returns>Rounds that were made, the one that changed nothing included.</returns>
    public int Solve(DigitPlanes planes, ReadOnlySpan<double> response, int epochs)
    {
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            Refresh(planes);
            if (!FitScale(planes, response)) return epoch;
            var changed = false;
            for (var i = 0; i < planes.Count; i++) changed |= UpdatePlane(planes, i, response);
            if (!changed) return epoch;
        }

        Refresh(planes);
        FitScale(planes, response);
        return epochs;
    }

    /// <summary>‖Y − αXS‖² of a channel by the moments: ψ − 2α·C·S + α²·SᵀAS.</summary>
    /// <param name="planes">The channel's digits and scale.</param>
    /// <param name="response">C of the channel.</param>
    /// <param name="power">ψ, the sum of the squared float outputs.</param>
    /// <returns>The error, ≥ 0 but for rounding.</returns>
    public double Error(DigitPlanes planes, ReadOnlySpan<double> response, double power)
    {
        Refresh(planes);
        var (products, squares) = Products(planes, response);
        return power - (2 * planes.Scale * products) + (planes.Scale * planes.Scale * squares);
    }

    private void Refresh(DigitPlanes planes)
    {
        for (var i = 0; i < _images.Length; i++)
        {
            var (image, digits) = (_images[i], planes.Digits[i]);
            Array.Clear(image);
            for (var n = 0; n < digits.Length; n++)
            {
                if (digits[n] != 0) ResponseMoments.AddScaled(image, digits[n], _moments.Row(n));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (double Products, double Squares) Products(DigitPlanes planes, ReadOnlySpan<double> response)
    {
        double products = 0, squares = 0;
        for (var n = 0; n < response.Length; n++)
        {
            double image = 0;
            for (var i = 0; i < _images.Length; i++) image += DigitPlanes.Place(i) * _images[i][n];
            var value = planes.Value(n);
            products += response[n] * value;
            squares += value * image;
        }

        return (products, squares);
    }

    private bool FitScale(DigitPlanes planes, ReadOnlySpan<double> response)
    {
        var (products, squares) = Products(planes, response);
        var scale = products / squares;
        if (!(squares > ResponseReference.EmptyShare * _moments.Trace) || !double.IsFinite(scale)) return false;
        planes.Scale = scale;
        if (planes.Scale < 0)
        {
            planes.Negate();
            foreach (var image in _images)
            {
                for (var n = 0; n < image.Length; n++) image[n] = -image[n];
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool UpdatePlane(DigitPlanes planes, int plane, ReadOnlySpan<double> response)
    {
        SetTarget(plane, planes.Scale, response);
        var (digits, own, target, diagonal) = (planes.Digits[plane], _images[plane], _target, _diagonal);
        var step = planes.Scale * DigitPlanes.Place(plane);
        var changed = false;
        for (var n = 0; n < digits.Length; n++)
        {
            var square = diagonal[n];
            if (square == 0) continue;
            var slope = 2 * ((step * (own[n] - (digits[n] * square))) - target[n]);
            var digit = Math.Abs(slope) < step * square ? 0 : -Math.Sign(slope);
            if (digit == digits[n]) continue;
            ResponseMoments.AddScaled(own, digit - digits[n], _moments.Row(n));
            digits[n] = (sbyte)digit;
            changed = true;
        }

        return changed;
    }

    /// <summary>T = C − α·Σ_{j≠i} 2⁻ʲ·v_j, elementwise in the reference's order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetTarget(int plane, double scale, ReadOnlySpan<double> response)
    {
        var n = 0;
        var scales = Vector256.Create(scale);
        for (; n + Vector256<double>.Count <= response.Length; n += Vector256<double>.Count)
        {
            var others = Vector256<double>.Zero;
            for (var j = 0; j < _images.Length; j++)
            {
                if (j != plane) others += Vector256.Create(DigitPlanes.Place(j)) * Vector256.Create(_images[j], n);
            }

            (Vector256.Create(response[n..]) - (scales * others)).CopyTo(_target, n);
        }

        for (; n < response.Length; n++)
        {
            double others = 0;
            for (var j = 0; j < _images.Length; j++)
            {
                if (j != plane) others += DigitPlanes.Place(j) * _images[j][n];
            }

            _target[n] = response[n] - (scale * others);
        }
    }
}
