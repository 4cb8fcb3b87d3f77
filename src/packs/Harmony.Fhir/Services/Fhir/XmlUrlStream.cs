using System.IO.Pipelines;
using System.Text;
using System.Xml;
using Harmony.Core.Content;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>XML on its way through with other base URLs where FHIR has URLs of the server. Document types are refused; narrative passes unchanged.</summary>
internal sealed class XmlUrlStream : AsyncReadStream
{
    private const string Xhtml = "http://www.w3.org/1999/xhtml";
    private const int MaxDepth = 256;

    private readonly Stream _source;
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 256 * 1024, resumeWriterThreshold: 128 * 1024, useSynchronizationContext: false));
    private readonly BaseMap _bases;
    private readonly CancellationTokenSource _stop = new();
    private readonly Stream _reader;
    private Task? _copying;

    public XmlUrlStream(Stream source, BaseMap bases)
    {
        (_source, _bases) = (source, bases);
        _reader = _pipe.Reader.AsStream();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _copying ??= CopyAsync();
        return _reader.ReadAsync(buffer, cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reader.DisposeAsync();
        if (_copying is not null) await _copying;
        await _source.DisposeAsync();
        _stop.Dispose();
        await base.DisposeAsync();
    }

    private async Task CopyAsync()
    {
        Exception? failure = null;
        try
        {
            using var reader = XmlReader.Create(_source, new XmlReaderSettings { Async = true, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            await using var writer = XmlWriter.Create(
                _pipe.Writer.AsStream(leaveOpen: true), new XmlWriterSettings { Async = true, Encoding = new UTF8Encoding(false), CloseOutput = false });
            var parents = new List<string>();
            var isRead = await reader.ReadAsync();
            while (isRead && !_stop.IsCancellationRequested)
            {
                if (reader.NodeType == XmlNodeType.Element && reader.NamespaceURI == Xhtml)
                {
                    await writer.WriteNodeAsync(reader, defattr: false); // moves behind the node by itself
                    isRead = !reader.EOF;
                    continue;
                }

                await CopyNodeAsync(reader, writer, parents);
                isRead = await reader.ReadAsync();
            }
        }
        catch (Exception e) when (e is XmlException or IOException or OperationCanceledException or InvalidOperationException)
        {
            failure = e;
        }

        await _pipe.Writer.CompleteAsync(failure is null ? null : new IOException("the XML of the server cannot be read to its end", failure));
    }

    private async ValueTask CopyNodeAsync(XmlReader reader, XmlWriter writer, List<string> parents)
    {
        switch (reader.NodeType)
        {
            case XmlNodeType.Element:
                await writer.WriteStartElementAsync(reader.Prefix, reader.LocalName, reader.NamespaceURI);
                var holds = UrlPlaces.Holds(Encoding.UTF8.GetBytes(reader.LocalName), Encoding.UTF8.GetBytes(parents.Count > 0 ? parents[^1] : ""));
                var (name, isEmpty) = (reader.LocalName, reader.IsEmptyElement);
                while (reader.MoveToNextAttribute())
                {
                    var value = holds && reader.LocalName == "value" ? _bases.Map(reader.Value) : reader.Value;
                    await writer.WriteAttributeStringAsync(reader.Prefix, reader.LocalName, reader.NamespaceURI, value);
                }

                if (isEmpty) await writer.WriteEndElementAsync();
                else if (parents.Count == MaxDepth) throw new IOException($"the XML is nested more than {MaxDepth} deep");
                else parents.Add(name);
                break;
            case XmlNodeType.EndElement:
                parents.RemoveAt(parents.Count - 1);
                await writer.WriteFullEndElementAsync();
                break;
            case XmlNodeType.Text:
                await writer.WriteStringAsync(reader.Value);
                break;
            case XmlNodeType.CDATA:
                await writer.WriteCDataAsync(reader.Value);
                break;
            case XmlNodeType.Comment:
                await writer.WriteCommentAsync(reader.Value);
                break;
            case XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                await writer.WriteWhitespaceAsync(reader.Value);
                break;
        }
    }
}
