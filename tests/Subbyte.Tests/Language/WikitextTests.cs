using Subbyte.Data;
using Subbyte.Tests.Data;

namespace Subbyte.Tests.Language;

/// <summary>Texts as streams of word ids.</summary>
public sealed class WikitextTests : IDisposable
{
    private const string Vocabulary = "<unk>\n<eos>\nthe\ncat\nsat\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Words_become_ids_and_every_line_ends()
    {
        var data = Open(" the cat \n\n\tthe dog sat\nthe", streams: 1);
        Ids(data).ShouldBe([2, 3, 1, 1, 2, 0, 4, 1, 2]);
        Labels(data).ShouldBe([3, 1, 1, 2, 0, 4, 1, 2, 1]);
        (data.ClassCount, data.Streams).ShouldBe((5, 1));
    }

    [Fact]
    public void Streams_of_equal_length_are_read_side_by_side()
    {
        // 0 1 2 | 3 4 3 | and one word too many.
        var data = Open("dog\nthe cat sat cat\n", streams: 2);
        Ids(data).ShouldBe([0, 3, 1, 4]);
        Labels(data).ShouldBe([1, 4, 2, 3]);
    }

    [Fact]
    public void A_run_of_records_begins_with_a_step_of_all_streams()
    {
        _folder.Write("v.txt", Vocabulary);
        _folder.Write("valid.txt", "the cat sat the cat sat the cat\n");
        Spec("#valid:2-3").Streams.ShouldBe(2);
        foreach (var selection in new[] { "#valid:1-3", "#valid:0-3/2" })
            Should.Throw<UserErrorException>(() => Spec(selection).Streams).Message.ShouldContain("multiple of 2");

        DataSet Spec(string selection) => DataSpec.Open($"wikitext:{_folder.Path},vocab={_folder["v.txt"]},streams=2{selection}");
    }

    [Fact]
    public void The_vocabulary_beside_the_model_is_found()
    {
        using var models = new TemporaryFolder();
        _folder.Write("wiki.test.tokens.gz", TemporaryFolder.Gzip("the cat\n"u8.ToArray()));
        var spec = $"wikitext:{_folder.Path},streams=1";
        Should.Throw<UserErrorException>(() => DataSpec.Open(spec, null, models["m.onnx"])).Message.ShouldContain("vocab=FILE");
        models.Write("m.vocab.txt", Vocabulary);
        models.Write("other.vocab.txt", "<eos>\n<unk>\n");
        DataSpec.Open(spec, null, models["m.onnx"]).ClassCount.ShouldBe(5);
        Should.Throw<UserErrorException>(() => DataSpec.Open(spec, null, models["n.onnx"])).Message.ShouldContain("vocab=FILE");
        _folder.Write("the.vocab.txt", Vocabulary + "dog\n");
        DataSpec.Open(spec).ClassCount.ShouldBe(6);
    }

    [Theory]
    [InlineData("the\ncat\n", "has no line <unk>")]
    [InlineData("<unk>\n<eos>\nthe\nthe\n", "line 4 ('the') stands there before")]
    [InlineData("<unk>\n\n<eos>\n", "line 2 is empty")]
    public void Vocabularies_that_are_none_are_refused(string words, string why)
    {
        _folder.Write("valid.txt", "the cat\n");
        _folder.Write("a.vocab.txt", words);
        Should.Throw<UserErrorException>(() => DataSpec.Open($"wikitext:{_folder.Path}#valid")).Message.ShouldContain(why);
    }

    [Theory]
    [InlineData("wikitext:{0},vocabulary=x#valid", "is not an option of wikitext")]
    [InlineData("wikitext:{0}#valid", "cannot be cut into 10 streams")]
    [InlineData("wikitext:{0}#train", "holds no wiki.train.tokens")]
    [InlineData("mnist:{0}#valid", "has no split '#valid'")]
    [InlineData("wikitext:{0}/valid.txt#valid", "has no splits")]
    public void What_cannot_be_opened_says_why(string spec, string why)
    {
        _folder.Write("valid.txt", "the cat\n");
        _folder.Write("a.vocab.txt", Vocabulary);
        Should.Throw<UserErrorException>(() => DataSpec.Open(string.Format(System.Globalization.CultureInfo.InvariantCulture, spec, _folder.Path))).Message.ShouldContain(why);
    }

    [Fact]
    public void Texts_share_places_not_words()
    {
        var text = string.Concat(Enumerable.Range(0, 50).Select(line => string.Concat(Enumerable.Repeat("the ", line % 7)) + "cat sat\n"));
        var data = Open(text, streams: 1);
        data.CountSharedSamples(data).ShouldBe(data.Count);
        Open(string.Concat(text.Split('\n').Reverse().Select(line => line + "\n")), streams: 1).CountSharedSamples(data).ShouldBeLessThan(data.Count / 4);
    }

    [SkippableTheory]
    [InlineData("valid", 217_646, 0.182)]
    [InlineData("test", 245_569, 0.131)]
    public void WikiText_2_has_as_many_words_as_is_known(string split, int words, double unknown)
    {
        var data = DataSpec.Open($"wikitext:{SharedData.Require("wikitext-2")},streams=1#{split}", null, SharedData.Require("models/wikitext2-lstm-2x160.npz"));
        (data.Count, data.ClassCount).ShouldBe((words - 1, 5000));
        (Labels(data).Count(label => label == 0) / (double)data.Count).ShouldBe(unknown, 0.0005);
    }

    private DataSet Open(string text, int streams)
    {
        _folder.Write("v.txt", Vocabulary);
        return DataSpec.Open($"wikitext:{_folder.Write("text", text)},vocab={_folder["v.txt"]},streams={streams}");
    }

    private static int[] Labels(DataSet data) => [.. Enumerable.Range(0, data.Count).Select(data.Label)];

    private static int[] Ids(DataSet data)
    {
        var id = new float[1];
        return [.. Enumerable.Range(0, data.Count).Select(index =>
        {
            data.Read(index, id);
            return (int)id[0];
        })];
    }
}
