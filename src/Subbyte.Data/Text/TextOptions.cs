using Subbyte.Methods;

namespace Subbyte.Data.Text;

/// <summary>How a text becomes records.</summary>
internal sealed record TextOptions
{
    /// <summary>The vocabulary's file.</summary>
    [Option("vocab", "file of words: line k is the word with id k")]
    public string Vocabulary { get; set; } = "";

    /// <summary>Streams of equal length that the text is cut into.</summary>
    [Option("streams", "streams of equal length that the text is cut into", Minimum = 1, Maximum = 4096)]
    public int Streams { get; set; } = 10;
}
