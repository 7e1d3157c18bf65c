using System.Text;
using System.Xml;
using System.Xml.Linq;
using Subbyte.Experiments;
using Subbyte.Lowering;

namespace Subbyte.Tests.Reports;

/// <summary>A report as bytes, text and elements.</summary>
internal sealed class ReportPage
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null };

    public ReportPage(ResultDocument document, IReadOnlyList<DotProductLayer>? layers = null)
    {
        using var stream = new MemoryStream();
        ComparisonReport.Write(document, layers ?? SampleDocuments.Layers(), stream);
        Bytes = stream.ToArray();
        Text = Encoding.UTF8.GetString(Bytes);
        using var reader = XmlReader.Create(new StringReader(Text), Settings);
        Root = XDocument.Load(reader, LoadOptions.PreserveWhitespace).Root!;
    }

    public byte[] Bytes { get; }

    public string Text { get; }

    /// <summary>The page parsed as XML: parsing fails where it is not well-formed.</summary>
    public XElement Root { get; }

    public IEnumerable<XElement> All(string name) => Root.Descendants(name);

    public XElement Section(string id) => Root.Descendants("section").Single(section => section.Attribute("id")?.Value == id);

    public IEnumerable<XElement> WithClass(string style)
        => Root.Descendants().Where(element => (element.Attribute("class")?.Value ?? "").Split(' ').Contains(style, StringComparer.Ordinal));
}
