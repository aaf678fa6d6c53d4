# Installs cdp into %LOCALAPPDATA%\Programs\cdp, or updates it there. Needs no administrator.
#
#   powershell -ExecutionPolicy Bypass -File install.ps1 [-Version VERSION] [-To FOLDER] [-From FOLDER-OR-ADDRESS]
#
# It takes the archive from where this script lies, when it lies there, else from the address of the
# release. The archive's sum is compared with SHA256SUMS before anything is unpacked.
param([string]$Version = '@VERSION@', [string]$To = '', [string]$From = '')

function Install-Cdp {
  $ErrorActionPreference = 'Stop'
  $ProgressPreference = 'SilentlyContinue'
  $downloads = '@DOWNLOADS@'
  $released = '@VERSION@'

  $Version = $Version -replace '^v', ''
  if ($Version -notmatch '^[0-9A-Za-z.+-]+$') { throw "not a version: $Version" }
  if ($To -eq '') { $To = Join-Path $env:LOCALAPPDATA 'Programs\cdp' }
  $machine = $env:PROCESSOR_ARCHITECTURE
  if ($env:PROCESSOR_ARCHITEW6432) { $machine = $env:PROCESSOR_ARCHITEW6432 }
  switch ($machine) {
    'AMD64' { $arch = 'x64' }
    'ARM64' { $arch = 'arm64' }
    default { throw "there is no program for the processor $machine" }
  }
  $name = "cdp-$Version-windows-$arch"
  if ($From -eq '') {
    if ($PSScriptRoot -and (Test-Path -LiteralPath (Join-Path $PSScriptRoot "$name.zip"))) {
      $From = $PSScriptRoot
    } elseif ($downloads -like '*unpublished.invalid*') {
      throw 'this version is unpublished: name the folder of its files with -From'
    } else {
      $From = ($downloads -replace ([regex]::Escape("v$released") + '$'), '') + "v$Version"
    }
  }

  New-Item -ItemType Directory -Force -Path $To | Out-Null
  $work = Join-Path ([IO.Path]::GetTempPath()) ("cdp-install-" + [Guid]::NewGuid())
  New-Item -ItemType Directory -Path $work | Out-Null
  $new = Join-Path $To "cdp.new-$PID.exe"
  try {
    foreach ($file in @('SHA256SUMS', "$name.zip")) {
      $target = Join-Path $work $file
      if ($From -match '^https?://') {
        [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor 3072
        Invoke-WebRequest -UseBasicParsing -TimeoutSec 600 -Uri "$From/$file" -OutFile $target
      } else {
        Copy-Item -LiteralPath (Join-Path $From $file) -Destination $target
      }
    }
    $line = Get-Content -LiteralPath (Join-Path $work 'SHA256SUMS') |
      Where-Object { ($_ -split '\s+\*?', 2)[1] -eq "$name.zip" }
    if (-not $line) { throw "SHA256SUMS does not name $name.zip" }
    $wanted = ($line -split '\s+', 2)[0]
    $seen = (Get-FileHash -Algorithm SHA256 -LiteralPath (Join-Path $work "$name.zip")).Hash
    if ($seen -ne $wanted) { throw "$name.zip has the wrong sum: it is damaged, or not the one that was released" }
    Expand-Archive -LiteralPath (Join-Path $work "$name.zip") -DestinationPath $work
    Copy-Item -LiteralPath (Join-Path $work "$name\cdp.exe") -Destination $new
    $answer = & $new --version
    if ($answer -ne $Version) { throw "the program calls itself $answer, not $Version" }

    $cdp = Join-Path $To 'cdp.exe'
    Get-ChildItem -LiteralPath $To -Filter 'cdp.old-*.exe' | Remove-Item -Force -ErrorAction SilentlyContinue
    if (Test-Path -LiteralPath $cdp) {
      # A program that runs cannot be replaced, but renamed.
      $old = Join-Path $To ("cdp.old-" + [Guid]::NewGuid() + ".exe")
      Move-Item -LiteralPath $cdp -Destination $old
      try { Move-Item -LiteralPath $new -Destination $cdp }
      catch { Move-Item -LiteralPath $old -Destination $cdp; throw }
      Remove-Item -LiteralPath $old -Force -ErrorAction SilentlyContinue
    } else {
      Move-Item -LiteralPath $new -Destination $cdp
    }
  } finally {
    Remove-Item -LiteralPath $new -Force -ErrorAction SilentlyContinue
    Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction SilentlyContinue
  }

  Write-Output "cdp $Version is in $To"
  if (($env:Path -split ';') -notcontains $To) {
    Write-Output "$To is not on your PATH. To add it: [Environment]::SetEnvironmentVariable('Path', [Environment]::GetEnvironmentVariable('Path', 'User') + ';$To', 'User')"
  }
}

# Called last: a script that was cut off does nothing.
try { Install-Cdp } catch { [Console]::Error.WriteLine("install.ps1: $_"); exit 1 }
