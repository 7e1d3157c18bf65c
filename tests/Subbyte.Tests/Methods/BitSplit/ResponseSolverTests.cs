using System.Diagnostics;
using Subbyte.Lowering;
using Subbyte.Methods.BitSplit;
using Xunit.Abstractions;

namespace Subbyte.Tests.Methods.BitSplit;

/// <summary>The invariants of section 5, and the solver against its reference.</summary>
public class ResponseSolverTests(ITestOutputHelper output)
{
    [Fact]
    public void The_solver_is_the_reference_bit_for_bit()
    {
        var random = new Random(41);
        for (var repetition = 0; repetition < 1500; repetition++)
        {
            var channel = Channel.Draw(random);
            var (bits, epochs) = (random.Next(2, 9), random.Next(4) == 0 ? random.Next(1, 4) : 100);
            var (fast, slow) = (WeightFit.Of(channel.Weights, bits), WeightFit.Of(channel.Weights, bits));
            var rounds = new ResponseSolver(channel.Moments, bits - 1).Solve(fast, channel.Response, epochs);
            rounds.ShouldBe(ResponseReference.Solve(slow, channel.Response, channel.Moments, epochs));
            Same(fast, slow);
            BitConverter.DoubleToInt64Bits(fast.Scale).ShouldBe(BitConverter.DoubleToInt64Bits(slow.Scale));
        }
    }

    [Fact]
    public void The_incremental_form_finds_the_digits_of_the_textbook_form()
    {
        var random = new Random(42);
        var different = 0;
        for (var repetition = 0; repetition < 300; repetition++)
        {
            var channel = Channel.Draw(random);
            var (planes, textbook) = (WeightFit.Of(channel.Weights, 4), WeightFit.Of(channel.Weights, 4));
            if (ResponseReference.Solve(planes, channel.Response, channel.Moments, 100) == 1 && channel.Moments.Trace == 0) continue;
            TextbookSolver.Solve(textbook, channel.Response, channel.Moments, 100);
            if (!planes.Stitch().SequenceEqual(textbook.Stitch())) different++;
        }

        // Fewer rows than inputs leave directions without an error, where ties are the rule.
        different.ShouldBeLessThan(15);
    }

    [Fact]
    public void No_step_makes_the_output_worse_and_no_digit_alone_makes_the_end_better()
    {
        var random = new Random(43);
        for (var repetition = 0; repetition < 200; repetition++)
        {
            var channel = Channel.Draw(random);
            var bits = random.Next(2, 7);
            var tolerance = 1e-9 * channel.Power();
            var last = channel.Error(WeightFit.Of(channel.Weights, bits));
            DigitPlanes planes = WeightFit.Of(channel.Weights, bits);
            for (var epochs = 0; epochs < 6; epochs++)
            {
                planes = WeightFit.Of(channel.Weights, bits);
                ResponseReference.Solve(planes, channel.Response, channel.Moments, epochs);
                var error = channel.Error(planes);
                error.ShouldBeLessThanOrEqualTo(last + tolerance);
                last = error;
            }

            ResponseReference.Solve(planes = WeightFit.Of(channel.Weights, bits), channel.Response, channel.Moments, 100);
            var end = channel.Error(planes);
            if (end >= channel.Power() - tolerance) continue;
            foreach (var plane in planes.Digits)
            {
                for (var n = 0; n < plane.Length; n++)
                {
                    var kept = plane[n];
                    for (sbyte digit = -1; digit <= 1; digit++)
                    {
                        plane[n] = digit;
                        channel.Error(planes).ShouldBeGreaterThanOrEqualTo(end - tolerance);
                    }

                    plane[n] = kept;
                }
            }
        }
    }

    [Fact]
    public void Digits_stitch_to_integers_in_range_whose_products_are_those_of_the_planes()
    {
        var random = new Random(44);
        for (var repetition = 0; repetition < 500; repetition++)
        {
            var (depth, bits) = (random.Next(1, 30), random.Next(2, 9));
            var largest = (1 << (bits - 1)) - 1;
            var codes = Enumerable.Range(0, depth).Select(_ => random.Next(-largest, largest + 1)).ToArray();
            var planes = new DigitPlanes(codes, 0.25, bits);
            planes.Stitch().ShouldBe(codes);
            planes.IntegerScale.ShouldBe(0.25);
            foreach (var plane in planes.Digits)
            {
                for (var n = 0; n < depth; n++) plane[n] = (sbyte)random.Next(-1, 2);
            }

            var stitched = planes.Stitch();
            stitched.ShouldAllBe(code => Math.Abs(code) <= largest);
            var x = Enumerable.Range(0, depth).Select(_ => random.Next(256)).ToArray();
            var byPlanes = Enumerable.Range(0, planes.Count).Sum(i => (1 << (bits - 2 - i)) * planes.Digits[i].Zip(x, (b, value) => b * value).Sum());
            byPlanes.ShouldBe(stitched.Zip(x, (q, value) => q * value).Sum());
        }
    }

    [Fact]
    public void Only_the_moments_count_and_powers_of_two_scale_through()
    {
        var random = new Random(45);
        for (var repetition = 0; repetition < 100; repetition++)
        {
            var channel = Channel.Draw(random);
            var doubled = new Channel(channel.Weights, [.. channel.Rows.Select(row => row.Select(x => 2 * x).ToArray())]);
            var repeated = new Channel(channel.Weights, [.. channel.Rows.Concat(channel.Rows).Concat(channel.Rows).Concat(channel.Rows)]);
            var scaled = new Channel([.. channel.Weights.Select(w => w / 8)], channel.Rows);
            var expected = Solved(channel, channel.Weights);
            Same(Solved(doubled, channel.Weights), expected);
            if (channel.Rows.Length >= channel.Weights.Length) Solved(repeated, channel.Weights).Scale.ShouldBe(expected.Scale, 0.2 * expected.Scale);
            var small = Solved(scaled, scaled.Weights);
            Same(small, expected);
            (8 * small.Scale).ShouldBe(expected.Scale);
        }

        static DigitPlanes Solved(Channel channel, double[] weights)
        {
            var planes = WeightFit.Of(weights, 4);
            ResponseReference.Solve(planes, channel.Response, channel.Moments, 100);
            return planes;
        }
    }

    [Fact]
    public void Inputs_that_are_always_zero_keep_the_digits_of_the_start()
    {
        var channel = new Channel([0.7, -0.5, 0.3, 0.1], [[1, 0, 2, 0], [2, 0, 1, 0], [0.5f, 0, 0, 0]]);
        var start = WeightFit.Of(channel.Weights, 4).Stitch();
        var planes = WeightFit.Of(channel.Weights, 4);
        ResponseReference.Solve(planes, channel.Response, channel.Moments, 100);
        planes.Stitch()[1].ShouldBe(start[1]);
        planes.Stitch()[3].ShouldBe(start[3]);
        start[1].ShouldNotBe(0);
    }

    [Fact]
    public void A_response_without_power_leaves_the_channel_as_it_is_and_a_negative_scale_turns_around()
    {
        var silent = new Channel([0.7, -0.5], [[0, 0], [0, 0]]);
        var planes = WeightFit.Of(silent.Weights, 4);
        var (codes, scale) = (planes.Stitch(), planes.Scale);
        ResponseReference.Solve(planes, silent.Response, silent.Moments, 100).ShouldBe(1);
        (planes.Scale, planes.Stitch().SequenceEqual(codes)).ShouldBe((scale, true));

        // The quantized layer sees the inputs with the other sign.
        float[][] rows = [[1, 2], [2, 0.5f], [1, 1]];
        var mirrored = new Channel([0.7, 0.4], rows, [.. rows.Select(row => row.Select(x => -x).ToArray())]);
        planes = WeightFit.Of(mirrored.Weights, 4);
        ResponseReference.Solve(planes, mirrored.Response, mirrored.Moments, 100);
        planes.Scale.ShouldBeGreaterThan(0);
        planes.Stitch().ShouldAllBe(code => code < 0);
    }

    [Theory]
    [InlineData(2, 0.574324, 0.158529, 0.107913)]
    [InlineData(3, 0.062078, 0.052632, 0.029656)]
    [InlineData(4, 0.011678, 0.010193, 0.007283)]
    [InlineData(5, 0.002606, 0.002422, 0.001562)]
    public void Correlated_inputs_gain_what_section_8_says(int bits, double minMax, double fit, double solved)
    {
        const int depth = 72;
        var random = new Random(8);
        var mixing = Enumerable.Range(0, depth * depth).Select(i => (i / depth == i % depth ? 1 : 0) + (0.15 * Channel.Gaussian(random))).ToArray();
        var values = new float[2000 * depth];
        for (var k = 0; k < 2000; k++)
        {
            var z = Enumerable.Range(0, depth).Select(_ => Channel.Gaussian(random)).ToArray();
            for (var n = 0; n < depth; n++) values[(k * depth) + n] = (float)Math.Max(0, Enumerable.Range(0, depth).Sum(j => z[j] * mixing[(j * depth) + n]));
        }

        var moments = ResponseMoments.Of(new PatchRows(depth, values));
        var solver = new ResponseSolver(moments, bits - 1);
        double power = 0, errorOfMinMax = 0, errorOfFit = 0, error = 0;
        for (var m = 0; m < 32; m++)
        {
            var weights = Enumerable.Range(0, depth).Select(_ => Channel.Gaussian(random)).ToArray();
            var response = moments.Response(weights);
            var psi = weights.Zip(response, (w, c) => w * c).Sum();
            var largest = (1 << (bits - 1)) - 1;
            var step = weights.Max(Math.Abs) / largest;
            power += psi;
            errorOfMinMax += solver.Error(new DigitPlanes([.. weights.Select(w => (int)Math.Round(w / step))], step, bits), response, psi);
            var planes = WeightFit.Of(weights, bits);
            errorOfFit += solver.Error(planes, response, psi);
            solver.Solve(planes, response, 100).ShouldBeLessThan(20);
            error += solver.Error(planes, response, psi);
        }

        (error / power).ShouldBe(solved, 0.2 * solved);
        (errorOfFit / power).ShouldBe(fit, 0.4 * fit);
        (errorOfMinMax / power).ShouldBe(minMax, 0.4 * minMax);
        (error / errorOfFit).ShouldBeInRange(0.4, 0.85);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void It_is_much_faster_than_the_textbook_form()
    {
        var random = new Random(46);
        const int depth = 288;
        var values = Enumerable.Range(0, 1000 * depth).Select(_ => (float)Math.Max(0, Channel.Gaussian(random))).ToArray();
        var moments = ResponseMoments.Of(new PatchRows(depth, values));
        var channels = Enumerable.Range(0, 16).Select(_ => Enumerable.Range(0, depth).Select(_ => Channel.Gaussian(random)).ToArray()).ToArray();
        var solver = new ResponseSolver(moments, 3);
        double Seconds(Func<DigitPlanes, double[], int> solve)
        {
            var starts = channels.Select(weights => (Planes: WeightFit.Of(weights, 4), Response: moments.Response(weights))).ToArray();
            var watch = Stopwatch.StartNew();
            foreach (var (planes, response) in starts) solve(planes, response);
            return watch.Elapsed.TotalSeconds;
        }

        for (var warm = 0; warm < 3; warm++) Seconds((planes, response) => solver.Solve(planes, response, 100));
        var fast = Seconds((planes, response) => solver.Solve(planes, response, 100));
        var textbook = Seconds((planes, response) => TextbookSolver.Solve(planes, response, moments, 100));
        output.WriteLine($"textbook {textbook:F4} s, solver {fast:F4} s: {textbook / fast:F1} times");
        (textbook / fast).ShouldBeGreaterThan(4);
    }

    private static void Same(DigitPlanes one, DigitPlanes other)
    {
        one.Count.ShouldBe(other.Count);
        for (var i = 0; i < one.Count; i++) one.Digits[i].SequenceEqual(other.Digits[i]).ShouldBeTrue($"plane {i}");
    }
}
