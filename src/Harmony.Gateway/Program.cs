using System.CommandLine;
using Harmony.Gateway.Cli;
using Harmony.Gateway.Cli.Dicom.Pixels;

// run            the gateway (also without a command) Hosting/GatewayBuilder.cs
// check          every mistake in a configuration     Cli/CheckCommand.cs
// fmt            files in one shape                   Cli/Format/FormatCommand.cs
// explain        what a configuration means           Cli/ExplainCommand.cs
// init           a configuration to begin with        Cli/Starting/InitCommand.cs
// proxy, receive a gateway without a file             Cli/Starting/ProxyCommand.cs
// status, targets, drain, enable, routes, history, rollback, log-level: a gateway that runs, in Cli/Remote
// match          which pipeline takes a request       Cli/MatchCommand.cs
// try            what becomes of a request            Cli/TryCommand.cs
// token          a JWT for a test                     Cli/TokenCommand.cs
// modules        what a configuration may say         Cli/ModulesCommand.cs
// reload         has a running gateway read its files Cli/Remote/ReloadCommand.cs
// health         whether a running gateway is ready   Cli/Remote/HealthCommand.cs
// cloud          a gateway and what steers it         Cli/Remote/CloudCommand.cs
// transform      what a JOLT specification does       Cli/TransformCommand.cs
// hash-password  what to write for a password         Cli/HashPasswordCommand.cs
// dicom          DICOM files and networks             Cli/Dicom/DicomCommand.cs
// jmix           JMIX packages                        Cli/Jmix/JmixCommand.cs
//
// Hosting/StopSignals.cs handles SIGTERM and Ctrl-C; the command line's own handler would give running requests two seconds.
// A process that decodes frames for another one of this program gets along without a command line: it starts in half the time.
if (args is [DecoderProgram.Verb]) return await DecoderProgram.RunAsync();
return await HarmonyCommand.RunAsync(args, new InvocationConfiguration { ProcessTerminationTimeout = null });
