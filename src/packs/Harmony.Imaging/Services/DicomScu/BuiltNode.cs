using System.Net.Security;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>What a configuration says about one system.</summary>
/// <param name="Node">Where it is, and how it is spoken to.</param>
/// <param name="Tls">What is trusted and shown, <see cref="DicomNode.Tls"/> is its fingerprint; null without TLS.</param>
/// <param name="Weight">Its share among the targets of the backend.</param>
internal sealed record BuiltNode(DicomNode Node, SslClientAuthenticationOptions? Tls, int Weight);
