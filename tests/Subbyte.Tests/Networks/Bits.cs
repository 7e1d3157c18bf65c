namespace Subbyte.Tests.Networks;

/// <summary>Equality of float32 arrays bit for bit.</summary>
internal static class Bits
{
    public static void ShouldBeBits(this float[] actual, float[] expected, string what)
    {
        actual.Length.ShouldBe(expected.Length, what);
        for (var i = 0; i < actual.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(actual[i]) != BitConverter.SingleToInt32Bits(expected[i]))
                throw new ShouldAssertException($"{what}: element {i} of {actual.Length} is {actual[i]:G9} where {expected[i]:G9} is expected");
        }
    }
}
