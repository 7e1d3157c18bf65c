using System.Security.Cryptography;
using Subbyte.Methods.Sparq;

namespace Subbyte.Tests.Methods.Sparq;

public class SparqWindowTests
{
    [Fact]
    public void Trim_tables_are_those_of_the_specification()
    {
        foreach (var row in SparqVectors.Rows("trim-tables"))
        {
            var trim = Trim(row);
            var errors = trim.Select((value, x) => value - x).ToArray();
            var name = $"{row["window"]} {row["rounding"]}";
            trim.Sum(value => value).ShouldBe(row.Integer("sum"), name);
            trim.Distinct().Count().ShouldBe(row.Integer("distinct"), name);
            errors.Min().ShouldBe(row.Integer("lowestError"), name);
            errors.Max().ShouldBe(row.Integer("highestError"), name);
            errors.Sum(error => error * error).ShouldBe(row.Integer("squaredError"), name);
            Convert.ToHexStringLower(SHA256.HashData(trim)).ShouldBe(row["sha256"], name);
        }
    }

    [Fact]
    public void Whole_tables_are_those_of_the_specification()
    {
        foreach (var row in SparqVectors.Rows("trim-hex")) Convert.ToHexStringLower(Trim(row)).ShouldBe(row["table"]);
    }

    [Fact]
    public void Single_values_trim_as_specified()
    {
        foreach (var row in SparqVectors.Rows("trim-rows"))
        {
            var x = row.Integer("x");
            foreach (var column in row.Columns.Skip(1))
                ((int)SparqVectors.Unit(column).Trim[x]).ShouldBe(row.Integer(column), $"{column} of {x}");
        }
    }

    [Fact]
    public void Rounding_saturates_inside_the_window_that_was_chosen()
    {
        foreach (var row in SparqVectors.Rows("placements"))
            SparqWindow.Default.Place(row.Integer("x"), round: true).ShouldBe(new SparqWindow.Placement(row.Integer("shift"), row.Integer("code")));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(256)]
    public void A_value_beyond_eight_bits_has_no_place(int value)
        => Should.Throw<ArgumentOutOfRangeException>(() => SparqWindow.Default.Place(value, round: true));

    [Fact]
    public void Trim_is_monotone_and_idempotent_and_never_makes_a_zero()
    {
        foreach (var row in SparqVectors.Rows("trim-tables"))
        {
            var trim = Trim(row);
            for (var x = 0; x < 256; x++)
            {
                if (x > 0) trim[x].ShouldBeGreaterThanOrEqualTo(trim[x - 1]);
                trim[trim[x]].ShouldBe(trim[x]);
                (trim[x] == 0).ShouldBe(x == 0);
                if (row["rounding"] == "RAW") ((int)trim[x]).ShouldBeLessThanOrEqualTo(x);
            }
        }
    }

    [Fact]
    public void A_value_with_few_significant_bits_at_a_permitted_place_is_exact()
    {
        foreach (var window in SparqWindow.All.Append(SparqWindow.SixBits))
        {
            for (var code = 0; code < 1 << window.Width; code++)
            {
                foreach (var shift in window.Shifts)
                {
                    window.Place(code << shift, round: true).Value.ShouldBe(code << shift);
                    window.Place(code << shift, round: false).Value.ShouldBe(code << shift);
                }
            }
        }
    }

    [Fact]
    public void Errors_stay_below_one_step_of_the_window_and_within_the_stated_share()
    {
        foreach (var row in SparqVectors.Rows("relative-errors"))
        {
            var window = SparqWindow.Find(row["window"]);
            foreach (var round in new[] { true, false })
            {
                double largest = 0;
                for (var x = 1; x < 256; x++)
                {
                    var place = window.Place(x, round);
                    Math.Abs(place.Value - x).ShouldBeLessThan(1 << place.Shift);
                    largest = Math.Max(largest, Math.Abs(place.Value - x) / (double)x);
                }

                (100 * largest).ShouldBe(row.Number(round ? "round" : "raw"), 0.05, window.Name);
            }

            Enumerable.Range(0, 256).Count(x => window.Place(x, round: true).Value == x).ShouldBe(row.Integer("exactValues"));
        }
    }

    [Fact]
    public void Rounding_never_hurts_a_value_and_more_placements_never_hurt_when_bits_are_cut_off()
    {
        var (five, three, two) = (SparqWindow.Find("4b5opt"), SparqWindow.Find("4b3opt"), SparqWindow.Find("4b2opt"));
        for (var x = 0; x < 256; x++)
        {
            foreach (var window in SparqWindow.All) Error(window, x, round: true).ShouldBeLessThanOrEqualTo(Error(window, x, round: false));
            Error(five, x, round: false).ShouldBeLessThanOrEqualTo(Error(three, x, round: false));
            Error(three, x, round: false).ShouldBeLessThanOrEqualTo(Error(two, x, round: false));
        }

        // With rounding they can: there is no renormalisation.
        Enumerable.Range(125, 3).ShouldAllBe(x => five.Place(x, true).Value == 120 && three.Place(x, true).Value == 128 && two.Place(x, true).Value == 128);
        Squares(five, true).ShouldBeLessThan(Squares(three, true));
        Squares(three, true).ShouldBeLessThan(Squares(two, true));
    }

    private static int Error(SparqWindow window, int x, bool round) => Math.Abs(window.Place(x, round).Value - x);

    private static int Squares(SparqWindow window, bool round) => Enumerable.Range(0, 256).Sum(x => Error(window, x, round) * Error(window, x, round));

    private static byte[] Trim(VectorRow row) => SparqVectors.Unit(row["window"], row["rounding"], pairs: false).Trim.ToArray();
}
