using Harmony.Core.Configuration;

namespace Harmony.Http.Tls;

/// <summary>The files for TLS that the options of a backend name; null where they leave it to the connection.</summary>
/// <param name="Options">The table that names them.</param>
/// <param name="CaCertPath">Its <c>ca_cert_path</c>.</param>
/// <param name="ClientCertPath">Its <c>client_cert_path</c>.</param>
/// <param name="ClientKeyPath">Its <c>client_key_path</c>.</param>
internal sealed record ClientTlsPaths(ConfigNode Options, string? CaCertPath, string? ClientCertPath, string? ClientKeyPath);
